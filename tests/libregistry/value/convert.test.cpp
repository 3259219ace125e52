#include <registry/value/convert.hpp>

#include <support/fake_member.hpp>

#include <support/catch.hpp>

#include <limits>
#include <set>

using namespace registry;

namespace {

enum class color { red, green = 7 };
BOOST_DESCRIBE_ENUM(color, red, green)

struct named {
  std::string name;
};
BOOST_DESCRIBE_STRUCT(named, (), (name))

struct role : named {
  int shard = 0;
  std::optional<double> load;
};
BOOST_DESCRIBE_STRUCT(role, (named), (shard, load))

struct worker {
  role primary;
  std::vector<role> others;
  std::map<std::string, std::vector<std::uint8_t>> slots;
  color paint = color::red;
  value extra;
  member boss;
  std::vector<std::byte> token;
  bool ready = false;
};
BOOST_DESCRIBE_STRUCT(worker, (), (primary, others, slots, paint, extra, boss, token, ready))

struct branch {
  int label = 0;
  std::vector<branch> children;
};
BOOST_DESCRIBE_STRUCT(branch, (), (label, children))

struct undescribed {
  int x;
};
enum class undescribed_enum { a };

struct old_key {
  std::string room;
};
BOOST_DESCRIBE_STRUCT(old_key, (), (room))
struct new_key {
  std::string room;
  std::optional<std::string> region;
};
BOOST_DESCRIBE_STRUCT(new_key, (), (room, region))

struct two_numbers {
  std::uint64_t number = 0;
  double real = 0;
};
BOOST_DESCRIBE_STRUCT(two_numbers, (), (number, real))

template <class T>
std::string failure_of(const value& x) {
  auto read = from_value<T>(x);
  REQUIRE_FALSE(read);
  CHECK(read.error() == errc::malformed);
  return std::string{read.error().message()};
}

template <class T>
void check_round_trip(const T& x, const value& expected) {
  const auto made = to_value(x);
  CAPTURE(to_string(made));
  CHECK(identical(made, expected));
  auto back = from_value<T>(made);
  REQUIRE(back);
  CHECK(identical(to_value(back.value()), made));
}

} // namespace

TEST_CASE("simple types convert to the value that looks like them") {
  check_round_trip(true, true);
  check_round_trip(42, 42);
  check_round_trip(std::int8_t{-5}, -5);
  check_round_trip(std::uint64_t{7}, 7);
  check_round_trip(1.5, 1.5);
  check_round_trip(std::string{"text"}, "text");
  check_round_trip(value{list(1)}, list(1));
  check_round_trip(color::green, "green");
  check_round_trip(std::optional<int>{}, nullptr);
  check_round_trip(std::optional<int>{3}, 3);
  check_round_trip(std::vector<int>{1, 2}, list(1, 2));
  check_round_trip(std::vector<bool>{true, false}, list(true, false));
  check_round_trip(std::map<std::string, int>{{"b", 1}, {"a", 2}}, object("a", 2, "b", 1));
  check_round_trip(std::vector{std::byte{1}, std::byte{255}}, value::bytes(std::vector{std::byte{1}, std::byte{255}}));
}

TEST_CASE("a member converts to an actor, a null one to null") {
  const auto who = testing::make_member(1);
  check_round_trip(who, who);
  check_round_trip(member{}, nullptr);
  CHECK(from_value<member>(who).value().get() == who.get());
}

TEST_CASE("a struct converts to a map of its members, those of its bases included") {
  role x;
  x.name = "primary";
  x.shard = 3;
  check_round_trip(x, object("name", "primary", "shard", 3));
  x.load = 0.5;
  check_round_trip(x, object("name", "primary", "shard", 3, "load", 0.5));
}

TEST_CASE("structs nest in each other, in lists and in maps") {
  worker x;
  x.primary.name = "p";
  x.others.resize(2);
  x.slots["a"] = {1, 255};
  x.paint = color::green;
  x.extra = object("any", list(nullptr));
  x.boss = testing::make_member(9);
  x.token = {std::byte{5}};
  const auto idle = object("name", "", "shard", 0);
  check_round_trip(x, object("primary", object("name", "p", "shard", 0), "others", list(idle, idle), "slots",
                             object("a", list(1, 255)), "paint", "green", "extra", object("any", list(nullptr)), "boss",
                             x.boss, "token", value::bytes(x.token), "ready", false));
}

TEST_CASE("a recursive struct converts") {
  check_round_trip(branch{1, {{2, {}}, {3, {{4, {}}}}}},
                   object("label", 1, "children",
                          list(object("label", 2, "children", list()),
                               object("label", 3, "children", list(object("label", 4, "children", list()))))));
}

TEST_CASE("a key that gains an optional member stays the same key") {
  CHECK(identical(to_value(new_key{"lobby", {}}), to_value(old_key{"lobby"})));
  CHECK(to_value(new_key{"lobby", {}}).hash() == to_value(old_key{"lobby"}).hash());
  CHECK(from_value<new_key>(object("room", "lobby", "region", nullptr)).value().region == std::nullopt);
}

TEST_CASE("unknown fields are ignored and missing ones are not") {
  CHECK(from_value<named>(object("name", "a", "extra", 1)).value().name == "a");
  CHECK(failure_of<named>(object("extra", 1)) == "name: the field is missing");
  CHECK(failure_of<worker>(object()) == "primary: the field is missing");
}

TEST_CASE("an error names the place and the expected type") {
  CHECK(failure_of<int>("text") == "expected an integer, got a string");
  CHECK(failure_of<int>(nullptr) == "expected an integer, got null");
  CHECK(failure_of<double>(1) == "expected a real, got an integer");
  CHECK(failure_of<int>(1.0) == "expected an integer, got a real");
  CHECK(failure_of<bool>(0) == "expected a boolean, got an integer");
  CHECK(failure_of<std::string>(value::bytes({})) == "expected a string, got bytes");
  CHECK(failure_of<member>(list()) == "expected an actor, got a list");
  CHECK(failure_of<std::vector<std::byte>>("") == "expected bytes, got a string");
  CHECK(failure_of<std::vector<int>>(object()) == "expected a list, got a map");
  CHECK(failure_of<role>(list()) == "expected a map, got a list");
  CHECK(failure_of<role>(object("name", "a", "shard", "x")) == "shard: expected an integer, got a string");
  CHECK(failure_of<std::vector<std::vector<int>>>(list(list(), list(1, true))) ==
        "[1][1]: expected an integer, got a boolean");
  const auto good = object("name", "a", "shard", 1);
  CHECK(failure_of<worker>(object("primary", object("name", "a", "shard", "x"))) ==
        "primary.shard: expected an integer, got a string");
  CHECK(failure_of<worker>(object("primary", good, "others", list(good, object("name", 5)))) ==
        "others[1].name: expected a string, got an integer");
  CHECK(failure_of<worker>(object("primary", good, "others", list(), "slots", object("k", list(256)))) ==
        "slots.k[0]: expected an integer from 0 to 255, got 256");
  CHECK(failure_of<std::optional<int>>("x") == "expected an integer, got a string");
}

TEST_CASE("integers are checked against the range of their type") {
  CHECK(from_value<std::int8_t>(-128).value() == -128);
  CHECK(failure_of<std::int8_t>(-129) == "expected an integer from -128 to 127, got -129");
  CHECK(failure_of<unsigned>(-1) == "expected an integer from 0 to 4294967295, got -1");
  CHECK(from_value<std::uint64_t>(INT64_MAX).value() == std::uint64_t{INT64_MAX});
}

TEST_CASE("an enum is read by the names of its enumerators") {
  CHECK(from_value<color>("red").value() == color::red);
  CHECK(failure_of<color>("blue") == "expected one of red, green, got \"blue\"");
  CHECK(failure_of<color>(7) == "expected one of red, green, got 7");
  CHECK(failure_of<color>(std::string(100, 'x')) == "expected one of red, green, got a string");
}

TEST_CASE("a conversion without a value throws, or gives an error where requested") {
  const auto nan = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_AS(to_value(UINT64_MAX), std::out_of_range);
  CHECK_THROWS_AS(to_value(nan), std::invalid_argument);
  CHECK_THROWS_AS(to_value(static_cast<color>(3)), std::invalid_argument);
  CHECK(try_to_value(UINT64_MAX).error() == errc::invalid_argument);
  CHECK(try_to_value(two_numbers{1, nan}).error() == errc::invalid_argument);
  CHECK(identical(try_to_value(two_numbers{1, 2}).value(), object("number", 1, "real", 2.0)));
}

TEST_CASE("types that cannot be converted are recognised") {
  STATIC_REQUIRE(convertible_value<worker>);
  STATIC_REQUIRE(convertible_value<std::vector<std::optional<branch>>>);
  STATIC_REQUIRE_FALSE(convertible_value<undescribed>);
  STATIC_REQUIRE_FALSE(convertible_value<undescribed_enum>);
  STATIC_REQUIRE_FALSE(convertible_value<std::vector<undescribed>>);
  STATIC_REQUIRE_FALSE(convertible_value<std::map<int, int>>);
  STATIC_REQUIRE_FALSE(convertible_value<std::set<int>>);
  STATIC_REQUIRE_FALSE(convertible_value<char>);
  STATIC_REQUIRE_FALSE(convertible_value<float>);
  STATIC_REQUIRE_FALSE(convertible_value<const char*>);
  STATIC_REQUIRE_FALSE(convertible_value<std::byte>);
  // Null would mean two things.
  STATIC_REQUIRE_FALSE(convertible_value<std::optional<value>>);
  STATIC_REQUIRE_FALSE(convertible_value<std::optional<member>>);
  STATIC_REQUIRE_FALSE(convertible_value<std::optional<std::optional<int>>>);
}
