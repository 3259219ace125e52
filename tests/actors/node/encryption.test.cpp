#include <node/clustered_node.hpp>

#include <registry/actor/handle.hpp>
#include <registry/compat/actor.hpp>

#include <registry/link/internal/handshake.hpp>
#include <registry/link/internal/proof.hpp>

#include <link/raw_peer.hpp>
#include <link/recorder.hpp>

#include <support/catch.hpp>

#include <algorithm>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

using namespace registry;
using namespace registry::testing;

namespace {

const std::string secret = "a secret of tests with more than 32 characters";

cluster_options with(const std::string& encryption, std::uint64_t version = 2, const std::vector<node_address>& seeds = {}) {
  auto out = loopback(seeds);
  out.secret = secret;
  out.encryption = encryption;
  out.protocol_version = version;
  return out;
}

bool is_linked(const clustered_node& x, std::size_t peers) {
  const auto all = x.home.peers();
  return all.size() == peers && std::ranges::all_of(all, [](const auto& one) { return one.reachable; });
}

/// Entries with handles of both nodes arrive, large ones too, and a message gets an answer.
void check_traffic(clustered_node& a, clustered_node& b) {
  constexpr std::size_t large = 3'000'000;
  const auto echo = a.spawn_idle();
  REQUIRE(a.rooms.join("echo", echo, std::string(large, 'x')));
  REQUIRE(b.rooms.join("other", b.spawn_idle(), object("where", "b")));
  REQUIRE(eventually([&] { return b.rooms.count("echo") == 1 && a.rooms.count("other") == 1; }));
  const auto there = b.rooms.lookup("echo")[0];
  CHECK((there.data == value{std::string(large, 'x')}));
  std::string answer;
  compat::request(b.self, caf::actor_cast<caf::actor>(there.who), std::chrono::seconds{30}, std::string(large, 'y'))
      .receive([&](std::string& x) { answer = std::move(x); }, [](const caf::error&) { FAIL("no answer"); });
  CHECK((answer == std::string(large, 'y')));
  // The end of an actor is known on the other node, too.
  registry::kill(echo);
  CHECK(eventually([&] { return b.rooms.count("echo") == 0; }));
}

} // namespace

TEST_CASE("nodes share their entries over links of every kind", "[mesh]") {
  for (const auto& [first, second] : std::vector<std::pair<cluster_options, cluster_options>>{
           {with("required"), with("required")},
           {with("prefer"), with("none")},
           {with("none"), with("none")},
           {with("none"), with("none", 1)},
           {with("", 1), with("prefer")},
           {with("", 1), with("", 1)},
       }) {
    CAPTURE(first.encryption, first.protocol_version, second.encryption, second.protocol_version);
    clustered_node a{first};
    auto seeded = second;
    seeded.seeds = {to_string(*a.home.address())};
    clustered_node b{seeded};
    REQUIRE(eventually([&] { return is_linked(a, 1) && is_linked(b, 1); }));
    check_traffic(a, b);
  }
}

TEST_CASE("a frame may name actors of third nodes", "[mesh]") {
  clustered_node a{with("required")};
  clustered_node b{with("required", 2, {*a.home.address()})};
  clustered_node c{with("required", 2, {*a.home.address()})};
  REQUIRE(eventually([&] { return is_linked(a, 2) && is_linked(b, 2) && is_linked(c, 2); }));
  const auto far = c.spawn_idle();
  REQUIRE(c.rooms.join("far", far));
  REQUIRE(eventually([&] { return b.rooms.count("far") == 1 && a.rooms.count("far") == 1; }));
  // In the metadata of an entry of b: an actor of c, one of a, which is the receiver, and one of its own.
  REQUIRE(a.rooms.join("near", a.spawn_idle()));
  REQUIRE(eventually([&] { return b.rooms.count("near") == 1; }));
  const auto own = b.spawn_idle();
  REQUIRE(
      b.rooms.join("all", own, list(value{b.rooms.lookup("far")[0].who}, value{b.rooms.lookup("near")[0].who}, value{own})));
  REQUIRE(eventually([&] { return a.rooms.count("all") == 1; }));
  const auto entry = a.rooms.lookup("all")[0];
  const value expected = list(a.rooms.lookup("far")[0].who, a.rooms.lookup("near")[0].who, entry.who);
  CHECK(entry.data == expected);
}

TEST_CASE("options of encryption that cannot be are refused with what to do") {
  auto options = with("required");
  options.secret = "short";
  CHECK(to_string(options.validate().error()).find("openssl rand -hex 32") != std::string::npos);
  options.encryption = "prefer";
  CHECK(options.validate());
  options.secret.clear();
  CHECK_FALSE(options.validate());
  options = with("sometimes");
  CHECK_FALSE(options.validate());
  CHECK_FALSE(with("required", 1).validate());
  options = with("");
  options.other_secret = "another";
  CHECK(options.validate());
  options.secret.clear();
  CHECK_FALSE(options.validate());
}

TEST_CASE("a peer with the secret that sends what CAF would not survive ends its link and nothing else", "[mesh]") {
  clustered_node node{with("none", 1)};
  const auto attack = [&](std::uint64_t number, const std::string& bytes) {
    auto self = identity(number);
    self.secret = secret;
    self.cluster = "registry";
    auto talk = handshake::dialler(self, make_nonce().value(), 1, [](auto&, auto) { return std::nullopt; });
    const raw_peer peer{*node.home.address()};
    (void)peer.shake_hands(talk);
    REQUIRE(talk.succeeded());
    peer.send(bytes_of(bytes));
    (void)peer.receive_all(); // ends
  };
  attack(901, std::string(32, '\0'));
  attack(902, std::string{"\x02\0\0\0\xff\xff\xff\xff", 8} + std::string(24, '\1'));
  attack(903, std::string(1000, '\xa5'));
  clustered_node other{with("none", 1, {*node.home.address()})};
  REQUIRE(eventually([&] { return is_linked(other, 1); }));
}
