// Values share their parts, so a value of a few lists may have more places than can be visited: operations on values count
// parts, or stop at a limit. A failing test in this file does not end.

#include <registry/match/parser.hpp>
#include <registry/store/store.hpp>
#include <registry/value/codec.hpp>
#include <registry/value/json.hpp>

#include <support/catch.hpp>
#include <support/effort.hpp>
#include <support/fake_member.hpp>
#include <support/seed.hpp>

#include <vector>

using namespace registry;
using registry::testing::make_member;

namespace {

/// Lists of two equal parts, this many levels deep.
value doubled(std::size_t levels, value bottom = 1) {
  for (std::size_t i = 0; i < levels; ++i)
    bottom = list(bottom, bottom);
  return bottom;
}

/// The same with maps.
value doubled_maps(std::size_t levels, value bottom = 1) {
  for (std::size_t i = 0; i < levels; ++i)
    bottom = object("left", bottom, "right", bottom);
  return bottom;
}

const std::vector<std::size_t> depths{12, 28, 64};

} // namespace

TEST_CASE("values that share their parts are hashed in both ways, in any order") {
  for (const auto levels : depths) {
    const auto keyed_first = doubled(levels);
    const auto stable_first = doubled(levels);
    const auto keyed = keyed_first.hash();
    const auto stable = stable_first.stable_hash();
    CHECK(keyed_first.stable_hash() == stable);
    CHECK(stable_first.hash() == keyed);
    const auto maps = doubled_maps(levels);
    const auto stable_maps = doubled_maps(levels);
    CHECK(stable_maps.stable_hash() == maps.stable_hash());
    CHECK(maps.hash() == stable_maps.hash());
    CHECK(maps.hash() != keyed);
    CHECK(doubled(levels, 2).hash() != keyed);
    CHECK(doubled(levels, 2).stable_hash() != stable);
  }
}

TEST_CASE("the hash of shared parts is that of a value without sharing") {
  const auto pair = [] { return list(list("a", 1), list("a", 1)); };
  const auto part = list("a", 1);
  CHECK(list(part, part).hash() == pair().hash());
  CHECK(list(part, part).stable_hash() == pair().stable_hash());
}

TEST_CASE("values that share their parts are compared strictly and by value") {
  for (const auto levels : depths) {
    for (auto* const make : {doubled, doubled_maps}) {
      const auto a = make(levels, 1);
      const auto b = make(levels, 1);
      CHECK(identical(a, b));
      CHECK(a == b);
      CHECK(a == make(levels, 1.0));
      CHECK_FALSE(identical(a, make(levels, 1.0)));
      CHECK(a < make(levels, 2));
      CHECK(make(levels, 2) > a);
      // The difference is at the very end.
      const auto end = make == doubled ? list(make(levels - 1, 1), make(levels - 1, 2))
                                       : object("left", make(levels - 1, 1), "right", make(levels - 1, 2));
      CHECK_FALSE(identical(a, end));
      CHECK(a < end);
      CHECK(end > a);
    }
    CHECK(doubled(levels) != doubled_maps(levels));
    CHECK(doubled(levels, list()) == doubled(levels, list()));
    CHECK(doubled(levels, list()) < doubled(levels, list(1)));
  }
}

TEST_CASE("a comparison remembers equal parts only") {
  // Parts that have met many times before they meet in a place where they are not equal.
  std::vector<value> left;
  std::vector<value> right;
  for (int i = 0; i < 3000; ++i) {
    left.push_back(list(i, "x"));
    right.push_back(list(i, "x"));
  }
  CHECK(identical(value::list(left), value::list(right)));
  std::swap(left[100], left[2999]);
  CHECK_FALSE(identical(value::list(left), value::list(right)));
  std::swap(left[100], left[2999]);
  left.push_back(list(1, 2));
  right.push_back(list(1, 3));
  CHECK_FALSE(identical(value::list(left), value::list(right)));
  CHECK(value::list(left) < value::list(right));
  right.back() = left[5];
  CHECK_FALSE(identical(value::list(left), value::list(right)));
}

TEST_CASE("the text of a value with shared parts is bounded") {
  for (const auto levels : {std::size_t{28}, std::size_t{64}}) {
    CHECK(to_string(doubled(levels)).size() < longest_text + 64 * 8);
    CHECK(to_string(doubled(levels)).find("…") != std::string::npos);
    CHECK(to_string(doubled_maps(levels)).size() < longest_text + 64 * 8);
    CHECK(to_string(pattern(doubled(levels))).size() < longest_text + 64 * 8);
  }
  CHECK(to_string(doubled(2)) == "[[1, 1], [1, 1]]");
}

TEST_CASE("a value that would take too many bytes is not encoded and leaves no bytes") {
  const auto seed = testing::seed();
  CAPTURE(seed);
  const std::vector<value> all{doubled(28), doubled(64), doubled_maps(28), doubled_maps(64)};
  // Each processes tens of millions of bytes.
  const auto count = testing::repetitions(2 * all.size());
  for (std::size_t i = 0; i < count; ++i) {
    const auto which = (seed + i) % (2 * all.size());
    const auto& x = all[which / 2];
    if (which % 2 == 0) {
      std::vector<std::byte> out{std::byte{42}};
      handle_table handles;
      CHECK(encode(x, out, handles).error() == errc::limit_exceeded);
      CHECK(out.size() == 1);
    } else {
      CHECK(to_json(x).error() == errc::limit_exceeded);
    }
  }
  std::vector<std::byte> out;
  handle_table handles;
  REQUIRE(encode(doubled(12), out, handles));
  CHECK(identical(decode(out, {}).value(), doubled(12)));
}

TEST_CASE("the bound of an encoding stops soon after its limit") {
  for (const auto levels : {std::size_t{28}, std::size_t{64}}) {
    CHECK(encoded_size_bound(doubled(levels), 1000) > 1000);
    CHECK(encoded_size_bound(doubled(levels), 1000) < 1100);
    CHECK(encoded_size_bound(doubled_maps(levels), 1000) > 1000);
    CHECK(encoded_size_bound(doubled_maps(levels), 1000) < 1100);
  }
  CHECK(encoded_size_bound(doubled(3), 1000) == 15 * 11);
}

TEST_CASE("a store refuses a value that shares its parts too often, but can look it up") {
  for (const auto levels : {std::size_t{28}, std::size_t{64}}) {
    store s{store_options{}};
    const std::vector<member> who{make_member(1)};
    CHECK(s.join(doubled(levels), who, 1).error() == errc::limit_exceeded);
    CHECK(s.join("k", who, doubled(levels)).error() == errc::limit_exceeded);
    CHECK(s.join("k", who, doubled_maps(levels)).error() == errc::limit_exceeded);
    CHECK(s.entries().find(doubled(levels)).empty());
    CHECK(s.entries().size() == 0);
    REQUIRE(s.join("k", who, 1));
    CHECK(s.update("k", who[0], doubled(levels)).error() == errc::limit_exceeded);
    CHECK(s.leave(doubled(levels), who).error() == errc::not_joined);
  }
}

TEST_CASE("a value that is measured once can join any number of times") {
  store s{store_options{}};
  const std::vector<member> who{make_member(1), make_member(2)};
  const value key{"k"};
  const auto data = doubled(12);
  const auto size = store::measure(key, data);
  REQUIRE(size);
  CHECK(s.join(key, who, data, size.value()));
  CHECK(s.update(key, who[0], data, size.value()));
  CHECK(s.entries().size() == 2);
  CHECK(size.value().check(100));
  CHECK(size.value().check(1'000'000).error() == errc::limit_exceeded);
  CHECK(store::measure(key, doubled(65)).error() == errc::limit_exceeded);
}
