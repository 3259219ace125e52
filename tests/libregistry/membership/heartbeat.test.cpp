#include <registry/membership/internal/heartbeat.hpp>

#include <support/seed.hpp>

#include <support/catch.hpp>

#include <random>

using namespace registry;

namespace {

heartbeat example() {
  return {true, {{{1, 2}, {"alpha.example", 4000}}, {{3, 4}, {"::1", 1}}}};
}

} // namespace

TEST_CASE("a heartbeat is read as it was written") {
  for (const auto& x : {heartbeat{}, example()})
    CHECK(decode_heartbeat(encode(x)).value() == x);
}

TEST_CASE("a truncated heartbeat or one with trailing bytes is refused") {
  const auto whole = encode(example());
  for (std::size_t size = 0; size < whole.size(); ++size) {
    CAPTURE(size);
    CHECK_FALSE(decode_heartbeat(std::span{whole}.first(size)).has_value());
  }
  auto longer = whole;
  longer.push_back(std::byte{0});
  CHECK_FALSE(decode_heartbeat(longer).has_value());
}

TEST_CASE("fields that a later version appends to a heartbeat are skipped") {
  auto bytes = encode(example());
  bytes[0] = std::byte{2};
  bytes.push_back(std::byte{42});
  CHECK(decode_heartbeat(bytes).value() == example());
}

TEST_CASE("heartbeats that no node would write are refused") {
  auto bytes = encode(example());
  SECTION("version 0") {
    bytes[0] = std::byte{0};
  }
  SECTION("an unknown flag") {
    bytes[1] = std::byte{2};
  }
  SECTION("more nodes than there are bytes for") {
    bytes[2] = std::byte{127};
  }
  CHECK_FALSE(decode_heartbeat(bytes).has_value());
  CHECK_FALSE(decode_heartbeat(encode({false, {{{0, 0}, {"a", 1}}}})).has_value());
  CHECK_FALSE(decode_heartbeat(encode({false, {{{0, 1}, {"", 1}}}})).has_value());
  CHECK_FALSE(decode_heartbeat(encode({false, {{{0, 1}, {"a", 0}}}})).has_value());
  CHECK_FALSE(decode_heartbeat(encode({false, {{{0, 1}, {std::string(256, 'a'), 1}}}})).has_value());
}

TEST_CASE("a heartbeat names hosts that can be dialled and logged, and no others") {
  for (const auto* host : {"two lines\n", "a b", "[::1]", "caf\xc3\xa9", "\x1b[2J"}) {
    CAPTURE(host);
    CHECK_FALSE(decode_heartbeat(encode({false, {{{0, 1}, {host, 1}}}})).has_value());
  }
  CHECK_FALSE(decode_heartbeat(encode({false, {{{0, 1}, {std::string{"a\0b", 3}, 1}}}})).has_value());
}

TEST_CASE("damaged heartbeats are refused, or decode to an encodable heartbeat") {
  std::mt19937_64 random(registry::testing::seed());
  const auto whole = encode(example());
  int accepted = 0;
  int refused = 0;
  for (int i = 0; i < 20'000; ++i) {
    auto bytes = whole;
    for (auto n = 1 + random() % 3; n > 0; --n)
      bytes[random() % bytes.size()] = static_cast<std::byte>(random());
    const auto read = decode_heartbeat(bytes);
    ++(read ? accepted : refused);
    if (read)
      CHECK(decode_heartbeat(encode(read.value())).value() == read.value());
  }
  CHECK(accepted > 1000);
  CHECK(refused > 1000);
}
