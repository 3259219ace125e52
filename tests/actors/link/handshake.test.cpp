#include <registry/link/internal/handshake.hpp>

#include <link/raw_peer.hpp>
#include <link/recorder.hpp>
#include <support/seed.hpp>

#include <support/catch.hpp>

#include <functional>
#include <random>
#include <string>
#include <vector>

using namespace registry;
using registry::testing::byte_string;
using registry::testing::identity;

namespace {

nonce nonce_of(int x) {
  nonce made;
  made.fill(static_cast<std::byte>(x));
  return made;
}

handshake::judge agree() {
  return [](const link_info&, std::string_view) { return std::nullopt; };
}

handshake::judge object(dial_failure why) {
  return [why](const link_info&, std::string_view) { return why; };
}

/// Feeds an end the bytes it requests, piece by piece; returns the rest.
byte_string feed(handshake& to, byte_string data) {
  std::size_t at = 0;
  while (to.wanted() != 0 && data.size() - at >= to.wanted()) {
    const auto size = to.wanted();
    to.receive(std::span{data}.subspan(at, size));
    at += size;
  }
  data.erase(data.begin(), data.begin() + static_cast<std::ptrdiff_t>(at));
  return data;
}

/// Two ends and the messages they sent.
struct conversation {
  explicit conversation(handshake_identity a = identity(1), handshake_identity b = identity(2),
                        handshake::judge dialler_objects = agree(), handshake::judge acceptor_objects = agree())
      : first(std::move(a)),
        second(std::move(b)),
        dialler(handshake::dialler(first, nonce_of(1), 17, std::move(dialler_objects))),
        acceptor(handshake::acceptor(second, nonce_of(2), std::move(acceptor_objects))) {}

  /// Exchanges messages until there are none left; `change` may change those of the dialler (true) or the acceptor.
  void run(const std::function<void(bool, byte_string&)>& change = {}) {
    for (int i = 0; i < 8; ++i) {
      pass(dialler, acceptor, true, not_taken_by_acceptor, change);
      pass(acceptor, dialler, false, not_taken_by_dialler, change);
    }
    REQUIRE(dialler.take_output().empty());
    REQUIRE(acceptor.take_output().empty());
  }

  void pass(handshake& from, handshake& to, bool is_dialler, byte_string& left,
            const std::function<void(bool, byte_string&)>& change) {
    auto sent = from.take_output();
    if (change && !sent.empty())
      change(is_dialler, sent);
    auto& all = is_dialler ? dialler_said : acceptor_said;
    all.insert(all.end(), sent.begin(), sent.end());
    left.insert(left.end(), sent.begin(), sent.end());
    left = feed(to, std::move(left));
  }

  handshake_identity first;
  handshake_identity second;
  handshake dialler;
  handshake acceptor;
  byte_string dialler_said;
  byte_string acceptor_said;
  byte_string not_taken_by_dialler;
  byte_string not_taken_by_acceptor;
};

void check_both_failed(const conversation& x, dial_failure why) {
  REQUIRE(x.dialler.failure());
  REQUIRE(x.acceptor.failure());
  CHECK(x.dialler.failure()->why == why);
  CHECK(x.acceptor.failure()->why == why);
  CHECK_FALSE(x.dialler.succeeded());
  CHECK_FALSE(x.acceptor.succeeded());
  CHECK(x.dialler.wanted() == 0);
  CHECK(x.acceptor.wanted() == 0);
}

/// Recorded from a valid conversation with these nonces.
byte_string good_dialler() {
  conversation x;
  x.run();
  return x.dialler_said;
}

} // namespace

TEST_CASE("two ends with one secret agree on who they are") {
  conversation x;
  x.run();
  REQUIRE(x.dialler.succeeded());
  REQUIRE(x.acceptor.succeeded());
  const auto at_dialler = x.dialler.info();
  const auto at_acceptor = x.acceptor.info();
  CHECK(at_dialler.peer == x.second.self);
  CHECK(at_acceptor.peer == x.first.self);
  CHECK(at_dialler.peer_address == x.second.advertised);
  CHECK(at_acceptor.peer_address == x.first.advertised);
  CHECK(at_dialler.dialled_by == x.first.self);
  CHECK(at_acceptor.dialled_by == x.first.self);
  CHECK(at_dialler.dial == 17);
  CHECK(at_acceptor.dial == 17);
  CHECK(x.dialler.peer()->node_id == x.second.node_id);
  CHECK(x.acceptor.peer()->node_id == x.first.node_id);
}

TEST_CASE("ends that speak version 2 learn each other's names") {
  auto a = identity(1);
  auto b = identity(2);
  a.node_name = "one";
  b.node_name = "two";
  conversation first{a, b};
  first.run();
  REQUIRE(first.acceptor.succeeded());
  CHECK(first.dialler.info().peer_name.empty());
  CHECK(first.acceptor.info().peer_name.empty());
  a.newest_version = b.newest_version = 2;
  conversation second{a, b};
  second.run();
  REQUIRE(second.acceptor.succeeded());
  CHECK(second.dialler.info().peer_name == "two");
  CHECK(second.acceptor.info().peer_name == "one");
  a.newest_version = 1;
  conversation mixed{a, b};
  mixed.run();
  REQUIRE(mixed.acceptor.succeeded());
  CHECK(mixed.dialler.info().peer_name.empty());
  CHECK(mixed.acceptor.info().peer_name.empty());
}

TEST_CASE("a handshake does not consume the bytes that follow it") {
  conversation x;
  x.run([](bool is_dialler, byte_string& sent) {
    if (is_dialler && sent.size() < 8) // its last message
      sent.push_back(std::byte{77});
  });
  CHECK(x.acceptor.succeeded());
  CHECK(x.acceptor.wanted() == 0);
  CHECK(x.not_taken_by_acceptor == byte_string{std::byte{77}});
  CHECK(x.not_taken_by_dialler.empty());
}

TEST_CASE("an empty secret is a secret like any other") {
  auto a = identity(1);
  auto b = identity(2);
  a.secret.clear();
  conversation one{a, b};
  one.run();
  check_both_failed(one, dial_failure::wrong_secret);
  b.secret.clear();
  conversation both{a, b};
  both.run();
  CHECK(both.acceptor.succeeded());
}

TEST_CASE("ends with different secrets refuse each other, and the acceptor proves nothing") {
  auto b = identity(2);
  b.secret = "the secret of no tests";
  conversation x{identity(1), b};
  x.run();
  check_both_failed(x, dial_failure::wrong_secret);
  const auto own = encode(message_type::acceptor_hello, make_hello(b, 0, nonce_of(2)));
  CHECK(x.acceptor_said.size() == own.size() + encode_refusal(dial_failure::wrong_secret).size());
}

TEST_CASE("ends of different clusters refuse each other, and the dialler names both") {
  auto b = identity(2);
  b.cluster = "other\n";
  conversation x{identity(1), b};
  x.run();
  check_both_failed(x, dial_failure::wrong_cluster);
  CHECK(x.dialler.failure()->detail == "this node belongs to \"tests\", the other to \"other?\"");
  CHECK(x.acceptor.failure()->detail == "this node belongs to \"other?\", the other to another one");
}

TEST_CASE("ends speak the highest version that both know, or none") {
  auto a = identity(1);
  auto b = identity(2);
  a.oldest_version = 2;
  a.newest_version = 5;
  b.oldest_version = 3;
  b.newest_version = 4;
  conversation x{a, b};
  x.run();
  CHECK(x.dialler.version() == 4);
  CHECK(x.acceptor.version() == 4);
  b.oldest_version = 1;
  b.newest_version = 1;
  conversation y{a, b};
  y.run();
  check_both_failed(y, dial_failure::wrong_version);
  CHECK(y.dialler.failure()->detail == "this node speaks versions 2 to 5, the other 1 to 1");
  CHECK(y.acceptor.failure()->detail == "this node speaks versions 1 to 1, the other 2 to 5");
}

TEST_CASE("a node recognises itself, once it has proved itself") {
  conversation x{identity(1), identity(1)};
  x.run();
  check_both_failed(x, dial_failure::self);
  auto stranger = identity(1);
  stranger.secret = "guessed";
  conversation y{identity(1), stranger};
  y.run();
  CHECK(y.dialler.failure()->why == dial_failure::wrong_secret);
}

TEST_CASE("a stranger cannot make a node believe that it dialled itself") {
  conversation x;
  x.run([](bool is_dialler, byte_string& sent) {
    if (!is_dialler && type_of(std::span{sent}.subspan(length_size)) == message_type::acceptor_proof)
      sent = encode_refusal(dial_failure::self);
  });
  REQUIRE(x.dialler.failure());
  CHECK(x.dialler.failure()->why == dial_failure::broken_handshake);
}

TEST_CASE("two nodes with the same CAF node id refuse each other") {
  auto b = identity(2);
  b.node_id = identity(1).node_id;
  conversation x{identity(1), b};
  x.run();
  check_both_failed(x, dial_failure::duplicate_node_id);
}

TEST_CASE("either end may object, and both learn why") {
  for (const auto why : {dial_failure::duplicate_link, dial_failure::duplicate_node_id, dial_failure::unreachable}) {
    conversation x{identity(1), identity(2), object(why), agree()};
    x.run();
    check_both_failed(x, why);
    conversation y{identity(1), identity(2), agree(), object(why)};
    y.run();
    check_both_failed(y, why);
  }
}

TEST_CASE("objections are asked for only when the other end has proved itself") {
  int asked = 0;
  const auto count = [&](const link_info&, std::string_view) -> std::optional<dial_failure> {
    ++asked;
    return std::nullopt;
  };
  auto b = identity(2);
  b.secret = "another";
  conversation x{identity(1), b, count, count};
  x.run();
  CHECK(asked == 0);
  conversation y{identity(1), identity(2), count, count};
  y.run();
  CHECK(asked == 2);
}

TEST_CASE("a dialler's recorded messages do not make another handshake") {
  const auto self = identity(2);
  auto again = handshake::acceptor(self, nonce_of(3), agree());
  feed(again, good_dialler());
  REQUIRE(again.failure());
  CHECK(again.failure()->why == dial_failure::wrong_secret);
  // The same nonce would succeed: it makes the proof fresh.
  auto same = handshake::acceptor(self, nonce_of(2), agree());
  feed(same, good_dialler());
  CHECK(same.succeeded());
}

TEST_CASE("a proof cannot be sent back to its author") {
  const auto self = identity(1);
  auto stranger = identity(2);
  auto dialler = handshake::dialler(self, nonce_of(1), 17, agree());
  (void)dialler.take_output();
  feed(dialler, encode(message_type::acceptor_hello, make_hello(stranger, 0, nonce_of(2))));
  const auto sent = dialler.take_output();
  const auto proof = decode_proof(std::span{sent}.subspan(length_size), message_type::dialler_proof).value();
  feed(dialler, encode(message_type::acceptor_proof, proof));
  REQUIRE(dialler.failure());
  CHECK(dialler.failure()->why == dial_failure::wrong_secret);
}

TEST_CASE("a handshake truncated anywhere does not succeed") {
  const auto self = identity(2);
  const auto whole = good_dialler();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    CAPTURE(size);
    auto acceptor = handshake::acceptor(self, nonce_of(2), agree());
    feed(acceptor, {whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)});
    CHECK_FALSE(acceptor.succeeded());
    CHECK(acceptor.wanted() > 0);
  }
}

TEST_CASE("a handshake in which one bit was changed on the way does not succeed") {
  conversation whole;
  whole.run();
  for (const bool of_dialler : {true, false}) {
    const auto size = (of_dialler ? whole.dialler_said : whole.acceptor_said).size();
    for (std::size_t bit = 0; bit < size * 8; ++bit) {
      CAPTURE(of_dialler, bit);
      std::size_t passed = 0;
      conversation x;
      x.run([&](bool is_dialler, byte_string& sent) {
        if (is_dialler != of_dialler)
          return;
        if (bit / 8 >= passed && bit / 8 < passed + sent.size())
          sent[bit / 8 - passed] ^= static_cast<std::byte>(1U << (bit % 8));
        passed += sent.size();
      });
      const auto& receiver = of_dialler ? x.acceptor : x.dialler;
      CHECK_FALSE(receiver.succeeded());
      CHECK_FALSE((x.dialler.succeeded() && x.acceptor.succeeded()));
    }
  }
}

TEST_CASE("no sequence of messages of other handshakes succeeds") {
  std::mt19937_64 random(registry::testing::seed());
  std::vector<byte_string> pool{encode_ready()};
  for (int i = 10; i < 14; ++i) {
    const auto who = make_hello(identity(random() % 3 + 1), 17, nonce_of(i));
    pool.push_back(encode(message_type::dialler_hello, who));
    pool.push_back(encode(message_type::acceptor_hello, who));
    pool.push_back(encode(message_type::dialler_proof, digest_256{nonce_of(i)}));
    pool.push_back(encode(message_type::acceptor_proof, digest_256{nonce_of(i)}));
  }
  for (int why = 0; why < 10; ++why)
    pool.push_back(encode_refusal(static_cast<dial_failure>(why)));
  conversation good;
  good.run([&](bool, byte_string& sent) { pool.push_back(sent); });

  const auto self = identity(2);
  for (int i = 0; i < 20'000; ++i) {
    auto end = random() % 2 == 0 ? handshake::acceptor(self, nonce_of(5), agree())
                                 : handshake::dialler(self, nonce_of(5), 17, agree());
    for (int n = 0; n < 5 && end.wanted() != 0; ++n)
      feed(end, pool[random() % pool.size()]);
    REQUIRE_FALSE(end.succeeded());
    REQUIRE_FALSE((end.failure() && end.failure()->why == dial_failure::refused));
    REQUIRE_FALSE((end.failure() && end.failure()->why == dial_failure::self));
  }
}

TEST_CASE("random bytes never succeed, and never make an end request many") {
  std::mt19937_64 random(registry::testing::seed());
  const auto self = identity(2);
  const auto whole = good_dialler();
  for (int i = 0; i < 20'000; ++i) {
    auto bytes = whole;
    for (auto n = 1 + random() % 4; n > 0; --n)
      bytes[random() % bytes.size()] = static_cast<std::byte>(random());
    const auto damaged = bytes != whole;
    auto acceptor = handshake::acceptor(self, nonce_of(2), agree());
    feed(acceptor, std::move(bytes));
    REQUIRE(acceptor.wanted() <= longest_body);
    REQUIRE(acceptor.succeeded() == !damaged);
  }
}
