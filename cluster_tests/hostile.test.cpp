#include <support/proxy.hpp>
#include <support/remote_node.hpp>
#include <support/waiting.hpp>

#include <registry/compat/version.hpp>
#include <registry/link/internal/handshake.hpp>
#include <registry/link/internal/proof.hpp>

#include <link/raw_peer.hpp>

#include <support/catch.hpp>

#include <sys/resource.h>

#include <algorithm>
#include <limits>

using namespace cluster_tests;
using namespace registry::testing;
using namespace std::chrono_literals;
using registry::handshake;
using registry::handshake_identity;

namespace {

constexpr std::size_t megabyte = std::size_t{1} << 20;

/// A peer that is no node, with the right secret or another.
handshake_identity stranger(const std::string& secret = launch{}.secret) {
  handshake_identity out;
  out.self = {0x5747'4e41'4745'5221, 42};
  out.cluster = launch{}.cluster;
  out.secret = secret;
  out.node_id = "BFFADF3AC9F1142F6446CA706C9BB0F69B114400#4294967295";
  out.advertised = {"127.0.0.1", 1};
  return out;
}

launch in_plain() {
  launch out;
  out.arguments = {"--encryption=none"};
  return out;
}

handshake dialler_of(const handshake_identity& self) {
  return handshake::dialler(self, registry::make_nonce().value(), 1, [](auto&, auto) { return std::nullopt; });
}

/// Checks the memory after an attack. The allocator keeps some, and the log grows; the address sanitizer keeps much more.
void check_memory(remote_node& x, std::size_t before) {
#ifdef __SANITIZE_ADDRESS__
  before += 256 * megabyte;
#endif
  const auto after = x.process().memory();
  CAPTURE(before, after);
  CHECK(after < before + 4 * megabyte);
}

/// Opens connections one by one, sends the same bytes on each, and checks that the node hangs up without an answer, or with an
/// alert of TLS.
void attack(remote_node& x, const std::string& bytes, int times) {
  for (int i = 0; i < times; ++i) {
    const raw_peer attacker{x.address()};
    attacker.send(bytes_of(bytes));
    const auto answer = attacker.receive_all();
    constexpr std::size_t alert = 7;
    CHECK((answer.empty() || (answer.size() == alert && answer.front() == std::byte{0x15})));
  }
}

} // namespace

TEST_CASE("bytes that are no handshake end the connection at once, and are logged once", "[hostile]") {
  remote_node x{launch{}};
  std::string bytes;
  SECTION("garbage") {
    bytes = std::string(4096, '\xa5');
  }
  SECTION("HTTP") {
    bytes = "GET / HTTP/1.1\r\nHost: registry\r\n\r\n";
  }
  SECTION("TLS") {
    bytes = std::string{"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11} + std::string(508, '\x11');
  }
  SECTION("the 32 bytes that crash a process with an open port of CAF") {
    bytes = std::string(32, '\0');
  }
  SECTION("a packet of CAF with a payload of 2 GiB") {
    bytes = std::string(32, '\0');
    bytes[4] = '\x7f';
  }
  attack(x, bytes, 10);
  const auto before = x.process().memory();
  const auto begin = std::chrono::steady_clock::now();
  attack(x, bytes, 1000);
  CHECK(std::chrono::steady_clock::now() - begin < when_busy(10s));
  CHECK(x.logged("refused 127.0.0.1: ") == 1);
  check_memory(x, before);
  CHECK(takes_part(x));
}

TEST_CASE("a peer that sends its hello byte by byte is hung up on in time", "[hostile]") {
  launch with;
  with.handshake_timeout = 1s;
  remote_node x{with};
  auto talk = dialler_of(stranger());
  const auto hello = talk.take_output();
  const auto begin = std::chrono::steady_clock::now();
  const raw_peer slow{x.address()};
  for (std::size_t i = 0; i < hello.size() - 1 && slow.is_silent(50ms); ++i)
    slow.send(std::span{hello}.subspan(i, 1));
  CHECK(slow.receive_all().empty());
  const auto taken = std::chrono::steady_clock::now() - begin;
  CHECK(taken >= 900ms);
  CHECK(taken < when_busy(3s));
  CHECK(takes_part(x));
}

TEST_CASE("ten thousand half-open connections keep nobody out", "[hostile]") {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
  const auto count = std::min<std::size_t>(10'000, static_cast<std::size_t>(limit.rlim_cur) - 100);
  if (count < 10'000)
    WARN("only " << count << " half-open connections: this process may have no more descriptors");

  remote_node x{launch{}};
  CHECK(takes_part(x));
  const auto before = x.process().memory();
  std::vector<raw_peer> crowd;
  for (std::size_t i = 0; i < count; ++i)
    crowd.emplace_back(x.address(), "127.0.0.66");
  CHECK(takes_part(x));
  check_memory(x, before);
  // All are hung up on; those that were let in, after their timeout.
  for (const auto& one : crowd)
    CHECK(one.receive_all().empty());
  CHECK(x.process().log().size() < 4096);
  CHECK(takes_part(x));
}

TEST_CASE("a peer with another secret, or with a replayed handshake, is refused and logged once", "[hostile]") {
  remote_node x{in_plain()};
  SECTION("another secret") {
    const auto self = stranger("not the secret");
    for (int i = 0; i < 20; ++i) {
      auto talk = dialler_of(self);
      const raw_peer attacker{x.address()};
      attacker.shake_hands(talk);
      CHECK_FALSE(talk.succeeded());
    }
  }
  SECTION("a replayed handshake") {
    const auto self = stranger();
    auto talk = dialler_of(self);
    byte_string said;
    {
      const raw_peer honest{x.address()};
      said = honest.shake_hands(talk);
      REQUIRE(talk.succeeded());
    }
    for (int i = 0; i < 20; ++i) {
      const raw_peer attacker{x.address()};
      attacker.send(said);
      static_cast<void>(attacker.receive_all());
    }
  }
  CHECK(eventually([&] { return x.logged("refused 127.0.0.1: ") > 0; }));
  CHECK(takes_part(x, in_plain()));
  CHECK(x.logged("refused 127.0.0.1: ") == 1); // what it says of itself is not proved
  CHECK(x.logged("secret") == 1);
}

TEST_CASE("nodes that must not meet refuse each other, with one warning each, and go on", "[hostile]") {
  launch of_a;
  launch of_b;
  std::string why;
  SECTION("of different secrets") {
    of_b.secret = "not the secret, though of 32 characters or more";
    why = to_string(registry::dial_failure::wrong_secret);
  }
  SECTION("of different clusters, in plain") {
    of_a = of_b = in_plain();
    of_b.listen = on_own_host();
    of_b.cluster = "others";
    why = to_string(registry::dial_failure::wrong_cluster);
  }
  SECTION("one of which wants no encryption") {
    of_b.arguments = in_plain().arguments;
    why = to_string(registry::dial_failure::wrong_encryption);
  }
  remote_node a{of_a};
  a.join("mine");
  proxy way;
  way.lead_to(a.address());
  of_b.seeds = {way.address()};
  remote_node b{of_b};
  CHECK(eventually([&] { return b.logged(why) == 1; }));
  CHECK(eventually([&] { return a.logged(why) == 1; }));
  // They try again and again, and log nothing new.
  const auto dials = way.made();
  CHECK(eventually([&] { return way.made() >= dials + 2 && way.open() == 0; }));
  CHECK(a.logged(why) == 1);
  CHECK(b.logged(why) == 1);
  CHECK(a.logged("[warning]") == 1);
  CHECK(b.logged("[warning]") == 1);
  CHECK(a.links() == 0);
  CHECK(b.count() == 0);
  CHECK(takes_part(a, of_a));
}

TEST_CASE("a node of an unknown version is refused, with a warning that names it", "[hostile]") {
  remote_node x{in_plain()};
  auto self = stranger();
  self.oldest_version = 200;
  self.newest_version = 210;
  for (int i = 0; i < 3; ++i) {
    auto talk = dialler_of(self);
    const raw_peer attacker{x.address()};
    attacker.shake_hands(talk);
    REQUIRE(talk.failure());
    CHECK(talk.failure()->why == registry::dial_failure::wrong_version);
  }
  CHECK(eventually([&] { return x.logged(std::string{to_string(registry::dial_failure::wrong_version)}) == 1; }));
  CHECK(x.logged("refused 127.0.0.1: ") == 1);
  CHECK(x.logged("the other 200 to 210") == 1);
  CHECK(takes_part(x, in_plain()));
}

TEST_CASE("a node without a secret refuses an address that strangers can reach, unless that is allowed", "[hostile]") {
  launch with;
  with.secret.clear();
  with.listen = "0.0.0.0:0";
  with.advertise = "127.0.0.1:0";
  CHECK_THROWS_WITH(remote_node{with}, Catch::Matchers::ContainsSubstring("secret"));
  with.arguments = {"--allow-no-secret"};
  remote_node open{with};
  launch local;
  local.secret.clear();
  local.seeds = {open.address()};
  remote_node other{local};
  CHECK(eventually([&] { return open.links() == 1 && other.links() == 1; }));
}

TEST_CASE("a node with the CAF id of another node stays outside", "[hostile]") {
  launch with;
  with.where.own_pids = true;
  std::unique_ptr<remote_node> a;
  try {
    a = std::make_unique<remote_node>(with);
  } catch (const std::exception& refused) {
    WARN("skipped: no PID namespace can be made (" << refused.what() << "); this needs root");
    return;
  }
  with.seeds = {a->address()};
  remote_node b{with};
  if (!REGISTRY_CAF_0_17) {
    WARN("skipped: this generation of CAF makes ids of random numbers, so none is taken");
    REQUIRE(a->node_id() != b.node_id());
    return;
  }
  REQUIRE(a->node_id() == b.node_id());
  const std::string why{to_string(registry::dial_failure::duplicate_node_id)};
  CHECK(eventually([&] { return a->logged(why) + b.logged(why) > 0; }));
  CHECK(a->links() == 0);
  CHECK(b.links() == 0);
  // A third one is welcome to the first.
  CHECK(takes_part(*a));
}
