#include <node/clustered_node.hpp>

#include <registry/actor/handle.hpp>
#include <registry/compat/actor.hpp>

#include <registry/link/internal/handshake.hpp>
#include <registry/link/internal/proof.hpp>

#include <link/authority.hpp>
#include <link/raw_peer.hpp>
#include <link/recorder.hpp>
#include <support/captured_log.hpp>

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
           {with(""), with("required")},
           {with("none", 1), with("prefer")},
           {with("none", 1), with("none", 1)},
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

TEST_CASE("links are encrypted where there is a secret, unless the options say otherwise") {
  CHECK(with("").effective_encryption() == "required");
  CHECK(with("none").effective_encryption() == "none");
  auto options = with("");
  options.secret.clear();
  CHECK(options.effective_encryption() == "none");
  options.tls_certificate = options.tls_key = options.tls_ca = "a file";
  CHECK(options.effective_encryption() == "required");
}

TEST_CASE("options of encryption that cannot be are refused with what to do") {
  const auto refused = [](const cluster_options& x) {
    const auto valid = x.validate();
    return valid ? std::string{} : std::string{valid.error().message()};
  };
  const auto says = [&](const cluster_options& x, const std::string& what) {
    const auto text = refused(x);
    CAPTURE(text);
    return text.find(what) != std::string::npos;
  };
  for (const auto* mode : {"", "required"}) {
    auto options = with(mode);
    options.secret = std::string(31, 'x');
    CHECK(says(options, "option registry.secret-file holds a secret that can be guessed: it has fewer than 32 characters"));
    CHECK(says(options, "openssl rand -hex 32"));
    options.secret += "x";
    CHECK(options.validate());
    options.other_secret = "another";
    CHECK(says(options, "option registry.other-secret-file holds a secret that can be guessed"));
    CHECK(says(with(mode, 1), "option registry.protocol-version is 1"));
  }
  for (const auto* mode : {"prefer", "none"}) {
    auto options = with(mode);
    options.secret = "short";
    CHECK(options.validate());
    options.other_secret = "another";
    CHECK(options.validate());
    CHECK(with(mode, 1).validate());
    options.secret.clear();
    CHECK(says(options, "option registry.secret-file is missing"));
  }
  for (const auto* mode : {"required", "prefer"}) {
    auto options = with(mode);
    options.secret.clear();
    CHECK(says(options, "option registry.encryption needs a secret (registry.secret-file) or certificates"));
  }
  CHECK(says(with("sometimes"), "option registry.encryption must be required, prefer or none"));
}

TEST_CASE("options of certificates that cannot be are refused with what to do") {
  auto options = with("");
  const auto says = [&](const std::string& what) {
    const auto valid = options.validate();
    return !valid && valid.error().message().find(what) != std::string::npos;
  };
  options.tls_certificate = options.tls_key = "a file";
  CHECK(says(
      "option registry.tls-ca is missing: registry.tls-certificate, registry.tls-key and registry.tls-ca belong together"));
  options.tls_ca = "a file";
  CHECK(options.validate());
  options.secret = "short, but nobody without a certificate can try it";
  CHECK(options.validate());
  options.encryption = "none";
  CHECK(says("option registry.encryption is none, so that registry.tls-certificate has no use"));
  options.encryption = "prefer";
  CHECK(options.validate());
  options.secret.clear();
  CHECK(says("option registry.encryption is prefer, so that anybody could join the cluster in plain"));
}

TEST_CASE("a secret that can be guessed is told of at every start, and so is that links are plain", "[mesh][log]") {
  const captured_log log;
  auto options = with("prefer");
  options.secret = "short";
  const std::string warning =
      "[warning] the secret of the cluster can be guessed, since it has fewer than 32 characters: make one";
  {
    const clustered_node first{options};
  }
  {
    const clustered_node second{options};
  }
  CHECK(log.count(warning) == 2);
  CHECK(log.count("not encrypted") == 0);
  options = with("none");
  {
    const clustered_node third{options};
  }
  CHECK(log.count("[info] links with other nodes are not encrypted: option registry.encryption is none") == 1);
  CHECK(log.count("[warning]") == 2);
}

TEST_CASE("nodes with certificates share their entries, without a secret", "[mesh][certificates]") {
  const captured_log log;
  const file_folder files;
  const authority ca{"an authority"};
  const auto options = [&](const std::string& name, const std::vector<node_address>& seeds = {}) {
    const auto made = ca.issue_to(files, name);
    auto out = loopback(seeds);
    out.secret.clear();
    out.tls_certificate = made.certificate;
    out.tls_key = made.key;
    out.tls_ca = made.authorities;
    return out;
  };
  clustered_node a{options("a")};
  clustered_node b{options("b", {*a.home.address()})};
  REQUIRE(eventually([&] { return is_linked(a, 1) && is_linked(b, 1); }));
  check_traffic(a, b);
  CHECK(log.count("[warning]") == 0);

  auto wrong = options("c");
  wrong.tls_key = "/no/file";
  clustered_system_config config;
  caf::actor_system system{config};
  const auto refused = node::start(system, wrong);
  REQUIRE_FALSE(refused);
  CHECK(refused.error() == errc::invalid_argument);
  CHECK(refused.error().message() ==
        "option registry.tls-key names a file that cannot be read: '/no/file' (No such file or directory)");
  // Others would not accept it under the address that it advertises.
  wrong = options("d");
  const auto elsewhere = ca.issue_to(files, "e", {.names = {"DNS:elsewhere.example"}});
  wrong.tls_certificate = elsewhere.certificate;
  wrong.tls_key = elsewhere.key;
  const auto started = node::start(system, wrong);
  CHECK(log.count("[warning] the certificate of this node is not for '127.0.0.1', the address that it advertises") == 1);
}

TEST_CASE("the log says at both ends why a certificate was refused", "[mesh][log][certificates]") {
  const captured_log log;
  const file_folder files;
  const auto with_files = [](const tls_files& x, const std::vector<node_address>& seeds = {}) {
    auto out = loopback(seeds);
    out.tls_certificate = x.certificate;
    out.tls_key = x.key;
    out.tls_ca = x.authorities;
    return out;
  };
  const authority one_ca{"an authority"};
  const authority another_ca{"another authority"};
  const clustered_node a{with_files(one_ca.issue_to(files, "a"))};
  const clustered_node b{with_files(another_ca.issue_to(files, "b"), {*a.home.address()})};
  const auto where = to_string(*a.home.address());
  CHECK(eventually([&] {
    return log.count("[warning] cannot link with " + where + ": a certificate was refused (" + where +
                     ": TLS: the certificate of the other end is of an authority that this node does not trust") == 1;
  }));
  CHECK(eventually([&] {
    return log.count("[warning] refused 127.0.0.1:0: a certificate was refused (from 127.0.0.1: TLS: the other end does not "
                     "trust the "
                     "authority of this node's certificate") == 1;
  }));
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
