#include <registry/value/codec.hpp>

#include <libregistry/value/encoded_form.hpp>
#include <support/fake_member.hpp>
#include <support/random_value.hpp>
#include <support/seed.hpp>

#include <rapidcheck/catch.h>
#include <support/catch.hpp>

#include <algorithm>
#include <bit>
#include <utility>

using namespace registry;
using testing::encoded_form;
using testing::make_member;
using testing::octets;
using testing::random_below;
using testing::random_value;

namespace {

const std::vector<member>& actors() {
  static const std::vector<member> all{make_member(1), make_member(1), make_member(2), make_member(1, 2)};
  return all;
}

} // namespace

TEST_CASE("any number survives as a varint, in as few bytes as possible") {
  rc::prop("round trip", [](std::uint64_t x, std::uint8_t shift) {
    x >>= shift % 64;
    octets out;
    handle_table handles;
    byte_writer{out, handles}.varint(x);
    RC_ASSERT(out.size() == std::max<std::size_t>(1, (64 - static_cast<std::size_t>(std::countl_zero(x)) + 6) / 7));
    byte_reader reader{out, {}};
    RC_ASSERT(reader.varint() == x);
    RC_ASSERT(!reader.failed());
    RC_ASSERT(reader.remaining() == 0U);
  });
}

TEST_CASE("any integer survives") {
  rc::prop("round trip", [](std::int64_t x) {
    octets out;
    handle_table handles;
    RC_ASSERT(encode(x, out, handles).has_value());
    RC_ASSERT(decode(out, {}).value().as_integer() == x);
  });
}

TEST_CASE("every value decodes to an identical one") {
  std::mt19937_64 random{testing::seed()};
  for (int i = 0; i < 5000; ++i) {
    const auto x = random_value(random, {.depth = 4, .actors = actors()});
    const auto form = encoded_form(x);
    REQUIRE(form.data.size() <= encoded_size_bound(x, SIZE_MAX));
    auto back = decode(form.data, form.handles);
    if (!back || !identical(back.value(), x) || back.value().hash() != x.hash()) {
      CAPTURE(to_string(x), back ? "differs" : to_string(back.error()));
      FAIL("does not survive");
    }
    CHECK(encoded_form(back.value()).data == form.data);
  }
}

TEST_CASE("encodings are equal exactly if values are identical") {
  std::mt19937_64 random{testing::seed()};
  handle_table handles; // shared: bytes are comparable only with one table
  std::vector<std::pair<octets, value>> forms;
  for (int i = 0; i < 700; ++i) {
    octets out;
    const auto x = random_value(random, {.depth = 2, .actors = actors()});
    REQUIRE(encode(x, out, handles));
    forms.emplace_back(std::move(out), x);
  }
  std::size_t pairs = 0;
  for (const auto& [data_a, a] : forms)
    for (const auto& [data_b, b] : forms) {
      pairs += identical(a, b);
      if (identical(a, b) != (data_a == data_b)) {
        CAPTURE(to_string(a), to_string(b));
        FAIL("canonical it is not");
      }
    }
  CHECK(pairs > forms.size());
}

TEST_CASE("random bytes are refused, or decode to a value that encodes to them") {
  rc::prop("never harms", [](const std::vector<std::uint8_t>& numbers) {
    const auto data = std::as_bytes(std::span{numbers});
    auto x = decode(data, actors());
    if (!x) {
      RC_ASSERT(x.error().position() <= data.size());
      return;
    }
    // Actors aside (their index depends on the table), there is one encoding only.
    octets out;
    handle_table handles;
    for (const auto& who : actors())
      handles.add(who);
    RC_ASSERT(encode(x.value(), out, handles).has_value());
    RC_ASSERT(out.size() == data.size());
  });
}

TEST_CASE("mutated encodings are refused, or decode to a value that encodes to them") {
  std::mt19937_64 random{testing::seed()};
  const std::vector<member> distinct{make_member(1), make_member(2), make_member(1, 2)};
  handle_table table;
  for (const auto& who : distinct)
    table.add(who);
  std::size_t refused = 0;
  std::size_t accepted = 0;
  for (int i = 0; i < 20'000; ++i) {
    octets data;
    REQUIRE(encode(random_value(random, {.actors = distinct}), data, table));
    for (auto n = 1 + random_below(random, 3); n > 0 && !data.empty(); --n) {
      const auto place = random_below(random, data.size());
      switch (random_below(random, 4)) {
      case 0:
        data[place] = static_cast<std::byte>(random_below(random, 256));
        break;
      case 1:
        data[place] ^= static_cast<std::byte>(1U << random_below(random, 8));
        break;
      case 2:
        data.erase(data.begin() + static_cast<std::ptrdiff_t>(place), data.end());
        break;
      default:
        data.insert(data.begin() + static_cast<std::ptrdiff_t>(place), static_cast<std::byte>(random_below(random, 10)));
      }
    }
    auto x = decode(data, distinct);
    if (!x) {
      ++refused;
      CHECK(x.error().position() <= data.size());
      continue;
    }
    ++accepted;
    octets again;
    REQUIRE(encode(x.value(), again, table));
    if (again != data) {
      CAPTURE(to_string(x.value()), to_string(value::bytes(data)));
      FAIL("two encodings of one value");
    }
  }
  CHECK(refused > 1000);
  CHECK(accepted > 1000);
}
