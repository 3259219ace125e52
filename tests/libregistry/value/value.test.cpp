#include <registry/value/value.hpp>

#include <support/fake_member.hpp>
#include <support/random_value.hpp>
#include <support/seed.hpp>

#include <support/catch.hpp>

#include <limits>
#include <stdexcept>
#include <thread>
#include <unordered_map>
#include <unordered_set>

using namespace registry;
using testing::make_member;
using testing::random_value;
using kind = value::kind;

namespace {

std::string text_of(std::size_t size) {
  std::string text;
  for (std::size_t i = 0; i < size; ++i)
    text += static_cast<char>('a' + i % 26);
  return text;
}

std::span<const std::byte> octets_of(std::string_view text) {
  return std::as_bytes(std::span{text.data(), text.size()});
}

value nested(std::size_t depth) {
  value x = 0;
  for (std::size_t i = 0; i < depth; ++i)
    x = i % 2 == 0 ? list(x) : object("inner", x);
  return x;
}

} // namespace

TEST_CASE("a value takes 16 bytes") {
  STATIC_REQUIRE(sizeof(value) == 16);
  STATIC_REQUIRE(std::is_nothrow_move_constructible_v<value>);
  STATIC_REQUIRE(std::is_nothrow_copy_constructible_v<value>);
}

TEST_CASE("scalars keep their kind and content") {
  CHECK(value{}.is_null());
  CHECK(value{nullptr}.type() == kind::null);
  CHECK(value{true}.as_bool() == true);
  CHECK(value{false}.as_bool() == false);
  CHECK(value{42}.as_integer() == 42);
  CHECK(value{2.5}.as_real() == 2.5);
  CHECK(value{2.5F}.as_real() == 2.5);
  CHECK(value{INT64_MIN}.as_integer() == INT64_MIN);
  CHECK(value{INT64_MAX}.as_integer() == INT64_MAX);
  CHECK(value{std::uint8_t{200}}.as_integer() == 200);
  CHECK(value{std::int8_t{-3}}.as_integer() == -3);
  CHECK(value{std::uint64_t{INT64_MAX}}.as_integer() == INT64_MAX);
}

TEST_CASE("characters and foreign pointers are not values") {
  STATIC_REQUIRE_FALSE(std::is_constructible_v<value, char>);
  STATIC_REQUIRE_FALSE(std::is_constructible_v<value, char32_t>);
  STATIC_REQUIRE_FALSE(std::is_constructible_v<value, int*>);
  STATIC_REQUIRE_FALSE(std::is_constructible_v<value, errc>);
}

TEST_CASE("integers beyond 64 signed bits are refused") {
  CHECK_THROWS_AS(value{std::uint64_t{INT64_MAX} + 1}, std::out_of_range);
  CHECK_THROWS_AS(value{UINT64_MAX}, std::out_of_range);
}

TEST_CASE("NaN is refused, infinity is a value, and -0.0 is 0.0") {
  const auto nan = std::numeric_limits<double>::quiet_NaN();
  const auto infinity = std::numeric_limits<double>::infinity();
  CHECK_THROWS_AS(value{nan}, std::invalid_argument);
  CHECK_THROWS_AS(value{-nan}, std::invalid_argument);
  CHECK(value::real(nan).error() == errc::invalid_argument);
  CHECK(value::real(1.5).value().as_real() == 1.5);
  CHECK(value{infinity}.as_real() == infinity);
  CHECK(identical(value{-0.0}, value{0.0}));
  CHECK_FALSE(std::signbit(*value{-0.0}.as_real()));
}

TEST_CASE("strings and bytes of every length around the inline limit keep their content") {
  for (std::size_t size : {0U, 1U, 7U, 13U, 14U, 15U, 16U, 31U, 1000U}) {
    CAPTURE(size);
    const auto text = text_of(size);
    const value s{text};
    const auto b = value::bytes(octets_of(text));
    CHECK(s.type() == kind::string);
    CHECK(b.type() == kind::bytes);
    CHECK(s.as_string() == text);
    REQUIRE(b.as_bytes());
    CHECK(std::ranges::equal(*b.as_bytes(), octets_of(text)));
    CHECK_FALSE(identical(s, b));
    CHECK(identical(s, std::string_view{text}));
    CHECK_FALSE(identical(b, std::string_view{text}));
    CHECK(identical(s, value{text.c_str()}));
    CHECK_FALSE(identical(s, value{text + "x"}));
  }
}

TEST_CASE("a string may contain zero bytes") {
  using namespace std::string_view_literals;
  CHECK(value{"a\0b"sv}.as_string() == "a\0b"sv);
  CHECK_FALSE(identical(value{"a\0"sv}, value{"a"}));
  CHECK_FALSE(identical(value{""sv}, value{"\0"sv}));
}

TEST_CASE("accessors of another kind return nothing") {
  const std::vector<value> all{nullptr, true,          1, 1.0, "a", value::bytes(octets_of("a")), make_member(1),
                               list(1), object("a", 1)};
  for (std::size_t i = 0; i < all.size(); ++i) {
    CAPTURE(i);
    const auto& x = all[i];
    CHECK(static_cast<std::size_t>(x.type()) == i);
    CHECK(x.is_null() == (x.type() == kind::null));
    CHECK(x.as_bool().has_value() == (x.type() == kind::boolean));
    CHECK(x.as_integer().has_value() == (x.type() == kind::integer));
    CHECK(x.as_real().has_value() == (x.type() == kind::real));
    CHECK(x.as_string().has_value() == (x.type() == kind::string));
    CHECK(x.as_bytes().has_value() == (x.type() == kind::bytes));
    CHECK(static_cast<bool>(x.as_actor()) == (x.type() == kind::actor));
    CHECK(x.as_list().empty() == (x.type() != kind::list));
    CHECK(x.as_map().empty() == (x.type() != kind::map));
    CHECK((x.find("a") != nullptr) == (x.type() == kind::map));
  }
}

TEST_CASE("a null handle makes null") {
  CHECK(value{member{}}.is_null());
}

TEST_CASE("lists keep their elements in order") {
  const auto x = list(1, "two", 3.0, list(), nullptr, std::string{"a longer string than fits inline"}, true);
  REQUIRE(x.as_list().size() == 7);
  CHECK(identical(x.as_list()[0], 1));
  CHECK(identical(x.as_list()[1], "two"));
  CHECK(identical(x.as_list()[2], 3.0));
  CHECK(x.as_list()[3].type() == kind::list);
  CHECK(x.as_list()[3].as_list().empty());
  CHECK(identical(x.as_list()[5], "a longer string than fits inline"));
  CHECK(identical(list(), value::list(std::vector<value>{})));
  CHECK(identical(list(1, 2), value::list({1, 2})));
}

TEST_CASE("maps are sorted by the bytes of their keys, and the last of equal keys wins") {
  const auto x = value::map({{"b", 1}, {"a", 2}, {"\xff", 3}, {"b", 4}, {"", 5}, {"b", 6}, {"B", 7}});
  std::vector<std::string> keys;
  std::vector<std::int64_t> mapped;
  for (const auto& pair : x.as_map()) {
    keys.emplace_back(*pair.key.as_string());
    mapped.push_back(*pair.mapped.as_integer());
  }
  CHECK(keys == std::vector<std::string>{"", "B", "a", "b", "\xff"});
  CHECK(mapped == std::vector<std::int64_t>{5, 7, 2, 6, 3});
  CHECK(identical(*x.find("b"), 6));
  CHECK(x.find("c") == nullptr);
  CHECK(x.find("bb") == nullptr);
  CHECK(identical(object("b", 6, "a", 2, "", 5, "B", 7, "\xff", 3), x));
  CHECK(identical(object("a", 1, "a", 2), object("a", 2)));
}

TEST_CASE("the key of a map must be a string") {
  CHECK_THROWS_AS(object(1, 2), std::invalid_argument);
  CHECK_THROWS_AS(object("a", 1, nullptr, 2), std::invalid_argument);
}

TEST_CASE("every key of a large map is found") {
  std::vector<std::pair<std::string, value>> pairs;
  for (int i = 0; i < 500; ++i)
    pairs.emplace_back("key " + std::to_string(i * 7 % 500), i);
  const auto x = value::map(pairs);
  CHECK(x.as_map().size() == 500);
  for (const auto& [key, mapped] : pairs) {
    REQUIRE(x.find(key) != nullptr);
    CHECK(identical(*x.find(key), mapped));
  }
}

TEST_CASE("copies share, moves leave null, and assignment to itself is harmless") {
  for (const value& x : {value{1}, value{"short"}, value{text_of(40)}, list(1, text_of(40)), object("k", text_of(40))}) {
    value copy = x;
    CHECK(identical(copy, x));
    value& alias = copy;
    copy = alias;
    CHECK(identical(copy, x));
    copy = std::move(alias);
    CHECK(identical(copy, x));
    value moved = std::move(copy);
    CHECK(identical(moved, x));
    CHECK(copy.is_null()); // NOLINT(bugprone-use-after-move)
    copy = moved;
    moved = value{"something else"};
    CHECK(identical(copy, x));
  }
}

TEST_CASE("a part of a value outlives the whole") {
  value x = list(list(text_of(30)), 2);
  x = x.as_list()[0];
  x = x.as_list()[0];
  CHECK(identical(x, std::string_view{text_of(30)}));
}

TEST_CASE("a value holds one reference to its actor") {
  const auto who = make_member(1);
  {
    const value x = who;
    CHECK(testing::use_count(who) == 2);
    const auto shared = list(x, x);
    const auto copy = shared;
    CHECK(testing::use_count(who) == 4);
    value moved = x;
    value target = std::move(moved);
    CHECK(testing::use_count(who) == 5);
    target = nullptr;
    CHECK(testing::use_count(who) == 4);
    CHECK(x.as_actor().get() == who.get());
  }
  CHECK(testing::use_count(who) == 1);
}

TEST_CASE("identity is strict") {
  CHECK_FALSE(identical(value{1}, value{1.0}));
  CHECK_FALSE(identical(list(1), list(1.0)));
  CHECK_FALSE(identical(object("a", 1), object("a", 1.0)));
  CHECK_FALSE(identical(value{0}, value{false}));
  CHECK_FALSE(identical(value{}, value{false}));
  CHECK_FALSE(identical(list(), object()));
  CHECK_FALSE(identical(list(), value{""}));
  CHECK_FALSE(identical(list(list()), list()));
  CHECK_FALSE(identical(object("a", 1), object("b", 1)));
  CHECK(identical(object("a", list(1, text_of(20))), object("a", list(1, text_of(20)))));
}

TEST_CASE("two handles of one actor are identical values") {
  const value a = make_member(1);
  const value replacement = make_member(1);
  CHECK(identical(a, replacement));
  CHECK(a.hash() == replacement.hash());
  CHECK_FALSE(identical(a, value{make_member(1, 2)}));
}

TEST_CASE("identical values have equal hashes, and others almost never") {
  std::mt19937_64 random{testing::seed()};
  const std::vector<member> actors{make_member(1), make_member(1), make_member(2), make_member(1, 2)};
  std::vector<value> values;
  for (int i = 0; i < 600; ++i)
    values.push_back(random_value(random, {.actors = actors}));
  for (const auto& a : values)
    for (const auto& b : values)
      if (identical(a, b) != (a.hash() == b.hash()) || identical(a, b) != (a.stable_hash() == b.stable_hash())) {
        CAPTURE(to_string(a), to_string(b));
        CHECK(identical(a, b) == (a.hash() == b.hash()));
      }
}

TEST_CASE("identity is an equivalence that does not depend on sharing") {
  std::mt19937_64 random{testing::seed()};
  for (int i = 0; i < 500; ++i) {
    const auto seed = random();
    std::mt19937_64 first{seed};
    std::mt19937_64 second{seed};
    const auto a = random_value(first);
    const auto b = random_value(second);
    CAPTURE(to_string(a));
    CHECK(identical(a, b));
    CHECK(identical(b, a));
    CHECK(a.hash() == b.hash());
    CHECK(((a <=> b) == 0));
  }
}

TEST_CASE("the hash of a text is the hash of its string value") {
  for (std::size_t size = 0; size < 300; size += 7) {
    CHECK(value{text_of(size)}.hash() == value::hash_of(text_of(size)));
    CHECK(value{text_of(size)}.stable_hash() == value::stable_hash_of(text_of(size)));
  }
}

// These numbers are part of the protocol: nodes of different versions must agree on them.
TEST_CASE("stable hashes never change") {
  CHECK(value{}.stable_hash() == 0xbc75c86668e48ccU);
  CHECK(value{true}.stable_hash() == 0xc95da312c620d1c0U);
  CHECK(value{1}.stable_hash() == 0x8977d0fafdf1f0c5U);
  CHECK(value{1.0}.stable_hash() == 0x53507dd747eed21U);
  CHECK(value{""}.stable_hash() == 0x8c4d4b6ad668ee74U);
  CHECK(value{"room:42"}.stable_hash() == 0x6cb4d9a4e7ac46d5U);
  CHECK(value{text_of(300)}.stable_hash() == 0xb1383d8722eb5b5aU);
  CHECK(value::bytes(octets_of("room:42")).stable_hash() == 0xe4a8d373a28b13eeU);
  CHECK(list().stable_hash() == 0x33277e919b18a462U);
  CHECK(list(1, "two", list(3.0)).stable_hash() == 0xdde21643ff2010bfU);
  CHECK(object().stable_hash() == 0x74c4e18f8807a873U);
  CHECK(object("nick", "ann", "age", 42).stable_hash() == 0xb260c8d8f40c76b9U);
}

TEST_CASE("containers keyed strictly distinguish 1 from 1.0") {
  std::unordered_map<value, int, strict_hash, strict_equal> numbers;
  numbers[1] = 10;
  numbers[1.0] = 20;
  numbers["1"] = 30;
  CHECK(numbers.size() == 3);
  CHECK(numbers.at(1) == 10);
  CHECK(numbers.at(1.0) == 20);
}

TEST_CASE("depth counts nested lists and maps") {
  CHECK(value{1}.depth() == 0);
  CHECK(list().depth() == 1);
  CHECK(object().depth() == 1);
  CHECK(list(1, list(2), 3).depth() == 2);
  CHECK(object("a", list(object())).depth() == 3);
  CHECK(nested(50).depth() == 50);
}

TEST_CASE("a pair that loses to a later one of the same key leaves no trace") {
  const auto x = object("a", list(list(1)), "a", 2);
  CHECK(x.depth() == 1);
  CHECK(identical(x, object("a", 2)));
}

TEST_CASE("the deepest value there may be works, and a deeper one is refused") {
  auto deepest = nested(value::nesting_limit);
  CHECK(deepest.depth() == value::nesting_limit);
  CHECK(identical(deepest, nested(value::nesting_limit)));
  CHECK(deepest == nested(value::nesting_limit));
  CHECK(deepest.hash() == nested(value::nesting_limit).hash());
  CHECK(to_string(deepest).size() > value::nesting_limit);
  CHECK_THROWS_AS(list(deepest), std::length_error);
  CHECK_THROWS_AS(value::list(std::vector{deepest}), std::length_error);
  CHECK_THROWS_AS(object("a", deepest), std::length_error);
}

TEST_CASE("threads may share a value and compute its hash at the same time") {
  const auto x = object("a", list(text_of(100), 1), "b", text_of(50));
  const auto expected = object("a", list(text_of(100), 1), "b", text_of(50)).hash();
  const auto stable = object("a", list(text_of(100), 1), "b", text_of(50)).stable_hash();
  std::vector<std::thread> threads;
  std::atomic<int> wrong{0};
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&, i] {
      for (int round = 0; round < 1000; ++round) {
        const value copy = x;
        const value part = *copy.find("a");
        if ((i % 2 == 0 && copy.stable_hash() != stable) || copy.hash() != expected || copy.stable_hash() != stable ||
            !identical(part.as_list()[1], 1))
          ++wrong;
      }
    });
  for (auto& thread : threads)
    thread.join();
  CHECK(wrong == 0);
}
