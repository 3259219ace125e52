#include <registry/membership/internal/heartbeat.hpp>

#include <registry/value/codec.hpp>

#include <support/seed.hpp>

#include <support/catch.hpp>

#include <random>

using namespace registry;

namespace {

heartbeat example() {
  return {true, {{{1, 2}, {"alpha.example", 4000}}, {{3, 4}, {"::1", 1}}}};
}

heartbeat with_clock() {
  auto out = example();
  out.clock = {std::chrono::nanoseconds{1'764'450'000'123'456'789}, std::chrono::nanoseconds{1'764'449'999'500'000'000},
               std::chrono::milliseconds{300}};
  return out;
}

} // namespace

TEST_CASE("a heartbeat is read as it was written") {
  for (const auto& x : {heartbeat{}, example(), with_clock()})
    CHECK(decode_heartbeat(encode(x)).value() == x);
}

TEST_CASE("a clock is added to a heartbeat that was encoded without") {
  auto bytes = encode(example());
  CHECK(bytes.front() == std::byte{1});
  add_clock(bytes, *with_clock().clock);
  CHECK(bytes == encode(with_clock()));
  // Times from before 1970 are none.
  auto early = encode(heartbeat{});
  add_clock(early, {std::chrono::seconds{-1}, {}, std::chrono::seconds{-1}});
  CHECK(decode_heartbeat(early).value().clock == clock_stamp{});
}

TEST_CASE("a clock that is out of range is refused") {
  const auto read = [](std::uint64_t sent, std::uint64_t echo, std::uint64_t held) {
    auto bytes = encode(heartbeat{});
    handle_table none;
    byte_writer to(bytes, none);
    bytes.front() = std::byte{2};
    to.u64(sent);
    to.u64(echo);
    to.varint(held);
    return decode_heartbeat(bytes).has_value();
  };
  const auto most = static_cast<std::uint64_t>(clock_stamp::latest.count());
  CHECK(read(most, most, most));
  CHECK_FALSE(read(most + 1, 0, 0));
  CHECK_FALSE(read(0, ~std::uint64_t{0}, 0));
  CHECK_FALSE(read(0, 0, most + 1));
}

TEST_CASE("a truncated heartbeat or one with trailing bytes is refused") {
  for (const auto& whole : {encode(example()), encode(with_clock())}) {
    for (std::size_t size = 0; size < whole.size(); ++size) {
      CAPTURE(size);
      CHECK_FALSE(decode_heartbeat(std::span{whole}.first(size)).has_value());
    }
    auto longer = whole;
    longer.push_back(std::byte{0});
    CHECK_FALSE(decode_heartbeat(longer).has_value());
  }
}

TEST_CASE("fields that a later version appends to a heartbeat are skipped") {
  auto bytes = encode(with_clock());
  bytes[0] = std::byte{3};
  bytes.push_back(std::byte{42});
  CHECK(decode_heartbeat(bytes).value() == with_clock());
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
  int accepted = 0;
  int refused = 0;
  for (int i = 0; i < 20'000; ++i) {
    auto bytes = encode(random() % 2 == 0 ? example() : with_clock());
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
