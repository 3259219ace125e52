#include <registry/link/internal/link_service.hpp>

#include <link/raw_peer.hpp>
#include <link/recorder.hpp>

#include <support/catch.hpp>

#include <chrono>
#include <string>
#include <vector>

using namespace registry;
using namespace registry::testing;
using namespace std::chrono_literals;

namespace {

handshake dialler_of(const handshake_identity& self, std::uint64_t number) {
  return handshake::dialler(self, make_nonce().value(), number, [](auto&, auto) { return std::nullopt; });
}

/// Says hello and waits for the answer: false if the handshake timed out before.
bool gets_attention(const raw_peer& x) {
  x.send(encode(message_type::dialler_hello, make_hello(identity(9), 1, make_nonce().value())));
  return x.receive(length_size).size() == length_size;
}

void check_good_dial(running_service& service) {
  running_service other{3};
  other->dial(service.where(), 1);
  CHECK(other.seen.links.take().info.peer == identity(2).self);
  CHECK(service.seen.links.take().info.peer == identity(3).self);
}

} // namespace

TEST_CASE("a connection that is not a handshake is closed and reported once") {
  running_service service{2};
  std::string said;
  SECTION("HTTP") {
    said = "GET / HTTP/1.1\r\nHost: alpha\r\n\r\n";
  }
  SECTION("TLS") {
    said = {"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11};
  }
  SECTION("a packet of zeros, which ends a process with an open port of CAF") {
    said = std::string(32, '\0');
  }
  SECTION("a packet of CAF with a payload of 2 GiB") {
    said = std::string(32, '\0');
    said[4] = '\x7f';
  }
  SECTION("a message that is too long") {
    said = std::string{"\x04\x01", 2} + std::string(1025, '\1');
  }
  SECTION("a message of a type that is none") {
    said = {"\x00\x02\x09\x09", 4};
  }
  SECTION("a proof without a hello") {
    const auto proof = encode(message_type::dialler_proof, digest_256{});
    said.assign(reinterpret_cast<const char*>(proof.data()), proof.size());
  }
  SECTION("a hello of other magic") {
    auto bytes = encode(message_type::dialler_hello, make_hello(identity(9), 1, make_nonce().value()));
    bytes[length_size + 1] ^= std::byte{1};
    said.assign(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  }
  const raw_peer stranger{service.where()};
  stranger.send(bytes_of(said));
  CHECK(stranger.receive_all().empty());
  const auto refused = service.seen.refusals.take();
  CHECK(refused.who == node_address{"127.0.0.1", 0});
  CHECK(refused.why == dial_failure::broken_handshake);
  check_good_dial(service);
  CHECK(service.seen.is_empty());
}

TEST_CASE("a silent or slow connection is closed") {
  running_service service{2, [](auto& with, auto&) { with.handshake_timeout = 500ms; }};
  std::vector<raw_peer> all;
  all.emplace_back(service.where());
  all.emplace_back(service.where()).send(bytes_of(std::string{"\0", 1}));
  // On a busy machine half a second may be too short for a hello.
  while (!gets_attention(all.emplace_back(service.where())))
    continue;
  for (const auto& x : all) {
    (void)x.receive_all();
    CHECK(service.seen.refusals.take().why == dial_failure::unreachable);
  }
  CHECK(service.seen.is_empty());
}

TEST_CASE("a replay of another dialler's messages is refused") {
  running_service service{2};
  const auto self = identity(1);
  auto talk = dialler_of(self, 1);
  const raw_peer honest{service.where()};
  const auto said = honest.shake_hands(talk);
  REQUIRE(talk.succeeded());
  CHECK(service.seen.links.take().info.peer == self.self);
  const raw_peer again{service.where()};
  again.send(said);
  (void)again.receive_all();
  CHECK(service.seen.refusals.take().why == dial_failure::wrong_secret);
  CHECK(service.seen.is_empty());
}

TEST_CASE("a new handshake takes the place of the oldest one of the host that has most") {
  running_service service{2, [](auto& with, auto&) { with.max_pending = 3; }};
  const raw_peer lonely{service.where(), "127.0.0.3"};
  const raw_peer first{service.where(), "127.0.0.2"};
  const raw_peer second{service.where(), "127.0.0.2"};
  REQUIRE(gets_attention(lonely));
  REQUIRE(gets_attention(first));
  REQUIRE(gets_attention(second));
  const raw_peer fourth{service.where(), "127.0.0.4"};
  REQUIRE(gets_attention(fourth));
  (void)first.receive_all(); // ends
  check_good_dial(service);
  CHECK(service.seen.is_empty());
}

TEST_CASE("strangers at many addresses do not keep a node out") {
  running_service service{2, [](auto& with, auto&) {
                            with.max_pending = 16;
                            with.max_pending_per_host = 4;
                          }};
  std::vector<raw_peer> crowd;
  for (int i = 0; i < 40; ++i)
    crowd.emplace_back(service.where(), ("127.0.0." + std::to_string(2 + i % 8)).c_str());
  check_good_dial(service);
}

TEST_CASE("one host cannot use up the places of the others") {
  running_service service{2, [](auto& with, auto&) { with.max_pending_per_host = 1; }};
  const raw_peer first{service.where(), "127.0.0.2"};
  REQUIRE(gets_attention(first));
  const raw_peer second{service.where(), "127.0.0.2"};
  CHECK(second.receive_all().empty());
  CHECK(service.seen.is_empty());
  check_good_dial(service);
}

TEST_CASE("five hundred half-open connections are closed, and then others are accepted again") {
  running_service service{2, [](auto& with, auto&) {
                            with.handshake_timeout = 5s; // enough for a good dial on a busy machine
                            with.max_pending = with.max_pending_per_host = 16;
                          }};
  std::vector<raw_peer> crowd;
  for (int i = 0; i < 500; ++i)
    crowd.emplace_back(service.where());
  for (const auto& x : crowd)
    CHECK(x.receive_all().empty());
  check_good_dial(service);
}
