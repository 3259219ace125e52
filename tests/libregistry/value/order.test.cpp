#include <registry/value/value.hpp>

#include <libregistry/value/bytes.hpp>
#include <support/fake_member.hpp>
#include <support/random_value.hpp>
#include <support/seed.hpp>

#include <support/catch.hpp>

#include <algorithm>
#include <limits>

using namespace registry;
using testing::bytes;
using testing::make_member;
using testing::random_value;

namespace {

int sign(std::weak_ordering x) {
  return x < 0 ? -1 : x > 0 ? 1 : 0;
}

// Every value is less than all that follow it.
void check_ascending(const std::vector<value>& values) {
  for (std::size_t i = 0; i < values.size(); ++i)
    for (std::size_t j = 0; j < values.size(); ++j) {
      CAPTURE(to_string(values[i]), to_string(values[j]));
      CHECK(sign(values[i] <=> values[j]) == sign(i <=> j));
      CHECK((values[i] == values[j]) == (i == j));
      CHECK((values[i] < values[j]) == (i < j));
    }
}

std::vector<value> random_values(std::mt19937_64& random, std::size_t count) {
  static const std::vector<member> actors{make_member(1), make_member(1), make_member(2), make_member(1, 2)};
  std::vector<value> values;
  for (std::size_t i = 0; i < count; ++i)
    values.push_back(random_value(random, {.actors = actors}));
  return values;
}

} // namespace

TEST_CASE("kinds are ordered as in Erlang") {
  const auto infinity = std::numeric_limits<double>::infinity();
  check_ascending({-infinity, 1, infinity, false, nullptr, true, make_member(1), object(), object("a", 1), list(), list(1),
                   "", "a", bytes(""), bytes("a")});
}

TEST_CASE("numbers of both kinds are ordered by value") {
  check_ascending({-2, -1.5, -1, -0.5, 0, 5e-324, 0.5, 1, 1.5, 2, 1e300});
  CHECK(value{1} == value{1.0});
  CHECK(value{0} == value{-0.0});
  CHECK(value{1 << 20} == value{1048576.0});
}

TEST_CASE("integers and reals are compared without rounding") {
  constexpr std::int64_t exact = std::int64_t{1} << 53; // above it, doubles skip odd numbers
  check_ascending({exact - 1, 9007199254740992.0, exact + 1, 9007199254740994.0});
  check_ascending({-exact - 1, -9007199254740992.0, -exact + 1});
  // 2^63 is a double and no integer; -2^63 is both.
  check_ascending({INT64_MAX - 1, INT64_MAX, 9223372036854775808.0});
  check_ascending({-9223372036854777856.0, INT64_MIN, INT64_MIN + 1});
  CHECK(value{INT64_MIN} == value{-9223372036854775808.0});
  CHECK(value{INT64_MAX} != value{9223372036854775808.0});
  check_ascending({-std::numeric_limits<double>::infinity(), -1e300, INT64_MIN, INT64_MAX, 1e300,
                   std::numeric_limits<double>::infinity()});
}

TEST_CASE("maps are ordered by size, then by keys, then by values") {
  check_ascending({object("z", 9), object("a", 1, "b", 5), object("a", 2, "b", 1), object("a", 2, "b", 3),
                   object("a", 0, "c", 0), object("b", 0, "c", 0), object("a", 0, "b", 0, "c", 0)});
}

TEST_CASE("lists are ordered element by element, and a longer one follows its beginning") {
  check_ascending({list(), list(1), list(1, 1), list(1, 2), list(2), list(list()), list("a")});
}

TEST_CASE("strings and bytes are ordered by unsigned bytes") {
  check_ascending({"", "a", "a string beyond the inline limit", "aa", "b", "\x7f", "\x80", "\xff"});
  check_ascending({bytes(""), bytes("a"), bytes("aaaaaaaaaaaaaaaaaaaaaaaaaa"), bytes("ab"), bytes("\x7f"), bytes("\x80")});
}

TEST_CASE("equality by value reaches into lists and maps") {
  CHECK(list(1, list(2.0)) == list(1.0, list(2)));
  CHECK(object("a", 1) == object("a", 1.0));
  CHECK(list(1) != list(1, 1));
  CHECK(object("a", 1) != object("b", 1));
  CHECK(value{"a"} != bytes("a"));
  CHECK(value{make_member(1)} == value{make_member(1)});
}

TEST_CASE("values compare with types that convert to a value") {
  CHECK(value{1} == 1);
  CHECK(value{"a"} == "a");
  CHECK(value{1} < "a");
  CHECK(2.5 > value{1});
}

TEST_CASE("the order is total: reflexive, antisymmetric and transitive") {
  std::mt19937_64 random{testing::seed()};
  const auto values = random_values(random, 130);
  for (const auto& a : values)
    for (const auto& b : values) {
      const auto ab = sign(a <=> b);
      if (ab != -sign(b <=> a) || (ab == 0) != (a == b) || (&a == &b && ab != 0)) {
        CAPTURE(to_string(a), to_string(b));
        FAIL("neither a < b, a == b nor a > b");
      }
      for (const auto& c : values)
        if (ab <= 0 && (b <=> c) <= 0 && (a <=> c) > 0) {
          CAPTURE(to_string(a), to_string(b), to_string(c));
          FAIL("a <= b <= c, but a > c");
        }
    }
}

TEST_CASE("identical values are equal") {
  std::mt19937_64 random{testing::seed()};
  auto values = random_values(random, 400);
  values.insert(values.end(), {value{1}, value{1.0}});
  std::size_t equal = 0;
  std::size_t same = 0;
  for (const auto& a : values)
    for (const auto& b : values) {
      equal += a == b;
      same += identical(a, b);
      if (identical(a, b) && !(a == b)) {
        CAPTURE(to_string(a), to_string(b));
        FAIL("identical and yet not equal");
      }
    }
  CHECK(equal > same);
}

TEST_CASE("sorting gives the same order from any permutation") {
  std::mt19937_64 random{testing::seed()};
  auto values = random_values(random, 300);
  auto shuffled = values;
  std::shuffle(shuffled.begin(), shuffled.end(), random);
  std::sort(values.begin(), values.end());
  std::sort(shuffled.begin(), shuffled.end());
  for (std::size_t i = 0; i < values.size(); ++i)
    CHECK(values[i] == shuffled[i]);
}
