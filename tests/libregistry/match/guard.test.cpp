#include "evaluation.hpp"

#include <registry/match/operators.hpp>

#include <support/fake_member.hpp>

#include <limits>

using namespace registry;
using namespace registry::testing;

namespace {

constexpr auto largest = std::numeric_limits<std::int64_t>::max();
constexpr auto smallest = std::numeric_limits<std::int64_t>::min();

/// Whether a guard in the text notation holds with `x` bound to $1.
bool holds(const std::string& text, const value& x = nullptr) {
  INFO(text);
  return guard_holds(parsed(text), x);
}

/// Whether evaluating fails, which neither a condition nor its negation survives.
bool fails(const std::string& text, const value& x = nullptr) {
  const auto e = parsed(text);
  const auto equals_itself = expression::call("=:=", {e, e});
  return !guard_holds(equals_itself, x) && !guard_holds(expression::call("not", {equals_itself}), x);
}

} // namespace

TEST_CASE("a guard holds only if it is exactly true", "[match]") {
  CHECK(holds("true"));
  for (const auto* text : {"false", "null", "1", "\"true\"", "[true]", "{}"})
    CHECK_FALSE(holds(text));
  CHECK_FALSE(holds("$1", 1));
  CHECK(holds("$1", true));
}

TEST_CASE("all guards must hold", "[match]") {
  const auto matches = [](const std::string& text, const value& x) { return parse_match(text).value().matches(x); };
  CHECK(matches("$1 when $1 > 1, $1 < 5", 3));
  CHECK_FALSE(matches("$1 when $1 > 1, $1 < 5", 7));
  CHECK_FALSE(matches("$1 when $1 > 1, $1 < 5", 0));
  CHECK_FALSE(matches("$1 when $1 > 1, hd($1) == 1", 3));
}

TEST_CASE("equality compares numbers by value, strict equality does not", "[match]") {
  CHECK(holds("$1 == 1.0", 1));
  CHECK_FALSE(holds("$1 /= 1.0", 1));
  CHECK_FALSE(holds("$1 =:= 1.0", 1));
  CHECK(holds("$1 =/= 1.0", 1));
  CHECK(holds("$1 =:= 1", 1));
  CHECK_FALSE(holds("$1 =/= 1", 1));
  CHECK(holds("$1 == [1.0, {\"a\": 2}]", list(1, object("a", 2.0))));
  CHECK_FALSE(holds("$1 =:= [1.0, {\"a\": 2}]", list(1, object("a", 2.0))));
  CHECK(holds("$1 == $1", make_member(1)));
  CHECK_FALSE(holds("null == false"));
  CHECK(holds("null /= false"));
}

TEST_CASE("the order of values is total over all kinds", "[match]") {
  const std::vector<value> ascending{
      -1,     0.5,     1,  false, nullptr,         true, make_member(1), object(), object("a", 1),
      list(), list(1), "", "a",   value::bytes({})};
  for (std::size_t i = 0; i < ascending.size(); ++i)
    for (std::size_t j = 0; j < ascending.size(); ++j) {
      CAPTURE(i, j);
      const expression left = ascending[i];
      const expression right = ascending[j];
      CHECK(guard_holds(expression::call("<", {left, right})) == (i < j));
      CHECK(guard_holds(expression::call(">", {left, right})) == (i > j));
      CHECK(guard_holds(expression::call("=<", {left, right})) == (i <= j));
      CHECK(guard_holds(expression::call(">=", {left, right})) == (i >= j));
      CHECK(guard_holds(expression::call("==", {left, right})) == (i == j));
      CHECK(guard_holds(expression::call("/=", {left, right})) == (i != j));
    }
}

TEST_CASE("integers and reals compare by value", "[match]") {
  CHECK(holds("$1 =< 1.0", 1));
  CHECK(holds("$1 >= 1.0", 1));
  CHECK_FALSE(holds("$1 < 1.0", 1));
  CHECK(holds("$1 < 1.5", 1));
  CHECK(holds("$1 > 9007199254740992.0", (std::int64_t{1} << 53) + 1));
}

TEST_CASE("every test of a kind accepts exactly its kinds", "[match]") {
  struct row {
    std::vector<std::string> names;
    std::string accepted; // letters of `kinds`
  };
  const std::vector<std::pair<char, value>> kinds{
      {'n', nullptr},          {'t', true},           {'f', false},  {'i', 1},       {'r', 1.0}, {'s', "x"},
      {'b', value::bytes({})}, {'a', make_member(1)}, {'l', list()}, {'m', object()}};
  const std::vector<row> rows{{{"is_null"}, "n"},
                              {{"is_boolean", "is_bool"}, "tf"},
                              {{"is_atom"}, "ntf"},
                              {{"is_integer", "is_int"}, "i"},
                              {{"is_float", "is_real"}, "r"},
                              {{"is_number"}, "ir"},
                              {{"is_binary", "is_string"}, "s"},
                              {{"is_bytes"}, "b"},
                              {{"is_pid", "is_actor"}, "a"},
                              {{"is_list"}, "l"},
                              {{"is_map"}, "m"}};
  for (const auto& [names, accepted] : rows)
    for (const auto& name : names)
      for (const auto& [letter, x] : kinds) {
        CAPTURE(name, letter);
        CHECK(guard_holds(expression::call(name, {var<1>}), x) == (accepted.find(letter) != std::string::npos));
        CHECK(guard_holds(!expression::call(name, {var<1>}), x) == (accepted.find(letter) == std::string::npos));
      }
}

TEST_CASE("arithmetic keeps integers and makes reals of mixed numbers", "[match]") {
  CHECK(holds("$1 + 2 =:= 5", 3));
  CHECK(holds("$1 - 5 =:= -2", 3));
  CHECK(holds("$1 * -2 =:= -6", 3));
  CHECK(holds("$1 + 2.0 =:= 5.0", 3));
  CHECK(holds("2.5 - $1 =:= -0.5", 3));
  CHECK(holds("$1 * 0.5 =:= 1.5", 3));
  CHECK(holds("-$1 =:= -3", 3));
  CHECK(holds("-$1 =:= 2.5", -2.5));
  CHECK(holds("abs($1) =:= 3", -3));
  CHECK(holds("abs($1) =:= 3.5", -3.5));
  CHECK(holds("abs($1) =:= 0", 0));
}

TEST_CASE("division truncates and the remainder has the sign of the dividend", "[match]") {
  CHECK(holds("7 div 2 =:= 3"));
  CHECK(holds("-7 div 2 =:= -3"));
  CHECK(holds("7 div -2 =:= -3"));
  CHECK(holds("-7 div -2 =:= 3"));
  CHECK(holds("7 rem 3 =:= 1"));
  CHECK(holds("-7 rem 3 =:= -1"));
  CHECK(holds("7 rem -3 =:= 1"));
  CHECK(holds("-7 rem -3 =:= -1"));
  CHECK(holds("$1 rem -1 =:= 0", smallest));
}

TEST_CASE("arithmetic fails on other kinds, on overflow, and on division by zero", "[match]") {
  for (const auto* text : {"$1 + 1", "1 + $1", "$1 - 1", "$1 * 2", "abs($1)", "$1 div 1", "1 rem $1", "-$1"})
    for (const auto& x : {value(), value(true), value("1"), list(1), object(), value(make_member(1))}) {
      CAPTURE(text, to_string(x));
      CHECK(fails(text, x));
    }
  CHECK(fails("$1 div 2", 4.0));
  CHECK(fails("4 rem $1", 2.0));
  CHECK(fails("1 div $1", 0));
  CHECK(fails("1 rem $1", 0));
  CHECK(fails("$1 + 1", largest));
  CHECK(fails("$1 - 1", smallest));
  CHECK(fails("$1 * 2", largest));
  CHECK(fails("$1 * -1", smallest));
  CHECK(fails("$1 div -1", smallest));
  CHECK(fails("abs($1)", smallest));
  CHECK(fails("-$1", smallest));
  CHECK_FALSE(fails("$1 + 0", largest));
  CHECK_FALSE(fails("$1 div 1", smallest));
}

TEST_CASE("a real result that is not finite is a failure", "[match]") {
  CHECK(fails("$1 * 10.0", 1e308));
  CHECK(fails("$1 + $1", 1.7e308));
  CHECK(fails("$1 - $1", std::numeric_limits<double>::infinity()));
  CHECK(fails("$1 + 1", std::numeric_limits<double>::infinity()));
  CHECK_FALSE(fails("abs($1)", 1.7e308));
}

TEST_CASE("functions of lists", "[match]") {
  const auto three = list(7, "b", list());
  CHECK(holds("hd($1) =:= 7", three));
  CHECK(holds("tl($1) =:= [\"b\", []]", three));
  CHECK(holds("tl($1) =:= []", list(1)));
  CHECK(holds("length($1) =:= 3", three));
  CHECK(holds("length($1) =:= 0", list()));
  CHECK(holds("element(1, $1) =:= 7", three));
  CHECK(holds("element(3, $1) =:= []", three));
  CHECK(holds("hd(tl(tl($1))) =:= []", three));
  CHECK(holds("element(2, tl($1)) =:= []", three));
  for (const auto* text : {"hd($1)", "tl($1)", "element(1, $1)"})
    for (const auto& x : {list(), value("abc"), object("a", 1), value(1), value()}) {
      CAPTURE(text, to_string(x));
      CHECK(fails(text, x));
    }
  for (const auto& x : {value("abc"), object("a", 1), value()})
    CHECK(fails("length($1)", x));
  for (const auto& n : {value(0), value(4), value(-1), value(1.0), value("1"), value(largest), value(smallest)}) {
    CAPTURE(to_string(n));
    CHECK(fails("element($1, [7, 8, 9])", n));
  }
}

TEST_CASE("functions of maps", "[match]") {
  const auto map = object("a", 1, "b", object("c", 2));
  CHECK(holds("map_get(\"a\", $1) =:= 1", map));
  CHECK(holds("map_get(\"c\", map_get(\"b\", $1)) =:= 2", map));
  CHECK(holds("map_get($1, {\"x\": [$1]}) =:= [\"x\"]", "x"));
  CHECK(holds("is_map_key(\"a\", $1)", map));
  CHECK(holds("not is_map_key(\"z\", $1)", map));
  CHECK(holds("not is_map_key(1, $1)", map));
  CHECK(holds("map_size($1) =:= 2", map));
  CHECK(holds("map_size($1) =:= 0", object()));
  CHECK(fails("map_get(\"z\", $1)", map));
  CHECK(fails("map_get(1, $1)", map));
  for (const auto& x : {list(), value("abc"), value(1), value()})
    for (const auto* text : {"map_get(\"a\", $1)", "is_map_key(\"a\", $1)", "map_size($1)"}) {
      CAPTURE(text, to_string(x));
      CHECK(fails(text, x));
    }
}

TEST_CASE("strict operators of booleans", "[match]") {
  for (const bool a : {false, true}) {
    CHECK(guard_holds(expression::call("not", {a})) == !a);
    for (const bool b : {false, true}) {
      CAPTURE(a, b);
      CHECK(guard_holds(expression::call("and", {a, b})) == (a && b));
      CHECK(guard_holds(expression::call("or", {a, b})) == (a || b));
      CHECK(guard_holds(expression::call("xor", {a, b})) == (a != b));
      for (const bool c : {false, true}) {
        CHECK(guard_holds(expression::call("and", {a, b, c})) == (a && b && c));
        CHECK(guard_holds(expression::call("or", {a, b, c})) == (a || b || c));
      }
    }
  }
}

TEST_CASE("strict operators fail on a non-boolean argument, even if another argument decides", "[match]") {
  for (const auto& x : {value(), value(1), value("true"), list()}) {
    CAPTURE(to_string(x));
    CHECK(fails("not $1", x));
    CHECK(fails("$1 xor true", x));
    CHECK(fails("false xor $1", x));
    CHECK(fails("false and $1", x));
    CHECK(fails("$1 and false", x));
    CHECK(fails("true or $1", x));
    CHECK(fails("$1 or true", x));
    CHECK(fails("or(true, true, $1)", x));
    CHECK(fails("and(false, $1, true)", x));
  }
  CHECK(fails("true or hd($1)", list()));
  CHECK(fails("false and hd($1)", list()));
}

TEST_CASE("lazy operators skip the second argument if the first one decides", "[match]") {
  CHECK(holds("true orelse hd($1)", 3));
  CHECK(holds("not (false andalso hd($1))", 3));
  CHECK(fails("false orelse hd($1)", 3));
  CHECK(fails("true andalso hd($1)", 3));
  CHECK(fails("hd($1) andalso true", 3));
  CHECK(fails("hd($1) orelse true", 3));
  CHECK(fails("null orelse true"));
  CHECK(fails("1 andalso true"));
}

TEST_CASE("a lazy operator returns its second argument unchanged", "[match]") {
  CHECK(holds("(true andalso $1) =:= 5", 5));
  CHECK(holds("(false orelse $1) =:= [1]", list(1)));
  CHECK(holds("length(true andalso $1) =:= 1", list(1)));
  CHECK_FALSE(holds("true andalso $1", 5));
  CHECK(fails("not (true andalso $1)", 5));
}

TEST_CASE("a failure deep inside a guard fails the whole guard", "[match]") {
  CHECK_FALSE(holds("not (hd($1) == 1)", 3));
  CHECK_FALSE(holds("is_integer(hd($1))", 3));
  CHECK_FALSE(holds("not is_integer(hd($1))", 3));
  CHECK_FALSE(holds("[hd($1)] == []", 3));
  CHECK_FALSE(holds("{\"a\": hd($1)} /= {}", 3));
  CHECK_FALSE(holds("length([1, tl($1)]) == 2", 3));
}

TEST_CASE("lists and maps can be built in guards", "[match]") {
  CHECK(holds("[$1, [$1 + 1]] =:= [3, [4]]", 3));
  CHECK(holds("{\"b\": $1, \"a\": []} =:= {\"a\": [], \"b\": 3}", 3));
  CHECK(holds("map_get(\"k\", {\"k\": [$1]}) =:= [3]", 3));
}

TEST_CASE("a variable for a tail is a list in guards", "[match]") {
  const auto spec = parse_match("[_ | $1] when length($1) == 2, hd($1) =:= \"b\", $1 /= []").value();
  CHECK(spec.matches(list("a", "b", "c")));
  CHECK_FALSE(spec.matches(list("a", "b")));
  CHECK_FALSE(spec.matches(list("a", "c", "b")));
}

TEST_CASE("building a list that would nest too deeply is a failure, not a crash", "[match]") {
  value deepest = list();
  while (deepest.depth() < value::nesting_limit)
    deepest = list(deepest);
  CHECK(holds("$1 == $1", deepest));
  CHECK(fails("[$1]", deepest));
  CHECK(fails("{\"a\": $1}", deepest));
  CHECK(evaluated("is_list($1)", deepest) == "true");
  CHECK(evaluated("[$1]", deepest) == "\"EXIT\"");
  CHECK(evaluated("$_", deepest) == "\"EXIT\"");
  CHECK(evaluated("$$", deepest) == "\"EXIT\"");
}
