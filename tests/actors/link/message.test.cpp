#include <registry/link/internal/message.hpp>

#include <link/raw_peer.hpp>
#include <link/recorder.hpp>

#include <support/catch.hpp>

#include <span>
#include <string>

using namespace registry;
using registry::testing::byte_string;
using registry::testing::identity;

namespace {

constexpr auto type = message_type::dialler_hello;

hello example() {
  nonce fresh;
  fresh.fill(std::byte{0x5a});
  return make_hello(identity(7), 42, fresh);
}

byte_string body_of(byte_string message) {
  REQUIRE(decode_length(std::span{message}.first(length_size)) == message.size() - length_size);
  message.erase(message.begin(), message.begin() + length_size);
  return message;
}

} // namespace

TEST_CASE("a hello is read as it was written") {
  CHECK(decode_hello(body_of(encode(type, example())), type, 1).value() == example());
}

TEST_CASE("a hello has a name from version 2 on") {
  auto who = identity(7);
  who.node_name = "orders-1";
  CHECK(make_hello(who, 42, {}).name.empty());
  const auto first = encode(type, make_hello(who, 42, {}));
  who.newest_version = 2;
  const auto named = make_hello(who, 42, {});
  CHECK(named.name == "orders-1");
  const auto second = encode(type, named);
  CHECK(second.size() == first.size() + 1 + named.name.size());
  // Who speaks version 1 skips it.
  for (const std::uint8_t known : {1, 2})
    CHECK(decode_hello(body_of(second), type, known).value() == named);
  who.node_name.clear();
  CHECK(decode_hello(body_of(encode(type, make_hello(who, 42, {}))), type, 2).value().name.empty());
}

TEST_CASE("a name that is too long, or could not stand in a log, is refused") {
  auto x = example();
  x.newest_version = 2;
  const auto refused = [&](const std::string& name) {
    x.name = name;
    return !decode_hello(body_of(encode(type, x)), type, 2).has_value();
  };
  CHECK_FALSE(refused("Orders_1.eu:4700@dc/7"));
  CHECK_FALSE(refused(std::string(max_node_name, 'n')));
  CHECK(refused(std::string(max_node_name + 1, 'n')));
  for (const auto* name : {"two words", "line\nbreak", "caf\xc3\xa9", "\x1b[2J", "a(b)", "a\"b"})
    CHECK(refused(name));
}

TEST_CASE("the longest hello fits into a message") {
  auto x = example();
  x.newest_version = 2;
  x.name = std::string(max_node_name, 'n');
  x.cluster = std::string(handshake_identity::max_name, 'c');
  x.node_id = std::string(handshake_identity::max_name, 'n');
  x.advertised = {std::string(node_address::max_host, 'h'), 65535};
  x.dial = ~std::uint64_t{0};
  CHECK(decode_hello(body_of(encode(type, x)), type, 2).value() == x);
}

TEST_CASE("a truncated hello is refused") {
  const auto whole = body_of(encode(type, example()));
  for (std::size_t size = 0; size < whole.size(); ++size) {
    CAPTURE(size);
    CHECK_FALSE(decode_hello(std::span{whole}.first(size), type, 1).has_value());
  }
}

TEST_CASE("only a later version may append to a hello") {
  auto x = example();
  x.newest_version = 3;
  auto body = body_of(encode(type, x));
  body.push_back(std::byte{9});
  CHECK(decode_hello(body, type, 2).value() == x);
  CHECK_FALSE(decode_hello(body, type, 3).has_value());
}

TEST_CASE("a hello that no node would write is refused") {
  auto x = example();
  const auto refused = [&] { return !decode_hello(body_of(encode(type, x)), type, 1).has_value(); };
  REQUIRE_FALSE(refused());
  SECTION("of version 0") {
    x.oldest_version = 0;
    CHECK(refused());
  }
  SECTION("of no version") {
    x.oldest_version = 2;
    CHECK(refused());
  }
  SECTION("of nobody") {
    x.self = {};
    CHECK(refused());
  }
  SECTION("without a host") {
    x.advertised.host.clear();
    CHECK(refused());
  }
  SECTION("with a host that would break a line of a log") {
    x.advertised.host = "alpha\nbeta";
    CHECK(refused());
  }
  SECTION("without a port") {
    x.advertised.port = 0;
    CHECK(refused());
  }
  SECTION("with a name that is too long") {
    x.cluster = std::string(handshake_identity::max_name + 1, 'c');
    CHECK(refused());
  }
}

TEST_CASE("the other messages are read as they were written, and not as each other") {
  digest_256 proof;
  proof.fill(std::byte{3});
  const auto proving = body_of(encode(message_type::dialler_proof, proof));
  CHECK(decode_proof(proving, message_type::dialler_proof).value() == proof);
  CHECK_FALSE(decode_proof(proving, message_type::acceptor_proof).has_value());
  CHECK_FALSE(decode_proof(std::span{proving}.first(proving.size() - 1), message_type::dialler_proof).has_value());
  const auto ready = body_of(encode_ready());
  CHECK(decode_ready(ready).has_value());
  CHECK_FALSE(decode_ready(proving).has_value());
  CHECK(decode_refusal(body_of(encode_refusal(dial_failure::wrong_secret))).value() == dial_failure::wrong_secret);
  CHECK_FALSE(decode_refusal(ready).has_value());
}

TEST_CASE("a message cannot claim that a connection was refused") {
  for (int why = 0; why < 256; ++why) {
    const auto read = decode_refusal(body_of(encode_refusal(static_cast<dial_failure>(why))));
    CAPTURE(why);
    CHECK(read.has_value() == (why >= 1 && why <= 7));
  }
}

TEST_CASE("a length beyond the limit, and none at all, are refused") {
  const auto length = [](int high, int low) {
    const std::byte data[] = {static_cast<std::byte>(high), static_cast<std::byte>(low)};
    return decode_length(data);
  };
  CHECK(length(0, 1) == 1);
  CHECK(length(4, 0) == 1024);
  CHECK(length(4, 1) == 0);
  CHECK(length(0, 0) == 0);
  CHECK(length('G', 'E') == 0);
  CHECK(length(0x16, 0x03) == 0);
}
