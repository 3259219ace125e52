#include "evaluation.hpp"

#include <registry/match/internal/run.hpp>
#include <registry/match/operators.hpp>

using namespace registry;
using Catch::Matchers::ContainsSubstring;

namespace {

/// The error of a select with this one clause.
error error_of(const select_clause& clause) {
  const auto spec = select_spec::compile({clause});
  REQUIRE_FALSE(spec.has_value());
  return spec.error();
}

error guard_error(const expression& guard) {
  return error_of({any, any, var<1>, {guard}, {true}});
}
error body_error(const expression& body) {
  return error_of({any, any, var<1>, {}, {body}});
}
error pattern_error(const pattern& p) {
  return error_of({any, any, p, {}, {true}});
}

bool is_bad(const error& e, const std::string& text) {
  INFO(to_string(e));
  CHECK_THAT(std::string(e.message()), ContainsSubstring(text));
  return e == errc::bad_match_spec;
}

} // namespace

TEST_CASE("an unbound variable is refused", "[match]") {
  CHECK(is_bad(guard_error(var<2> > 1), "$2"));
  CHECK(is_bad(body_error(list_of(1, object_of("a", var<2>))), "$2"));
  CHECK(is_bad(guard_error(true || var<2>), "not bound"));
  const auto spec = match_spec::compile(any, {var<1>});
  REQUIRE_FALSE(spec.has_value());
  CHECK(is_bad(spec.error(), "$1"));
}

TEST_CASE("a variable of one clause is not bound in another", "[match]") {
  const auto spec = select_spec::compile({{any, any, var<1>, {}, {var<1>}}, {any, any, any, {}, {var<1>}}});
  REQUIRE_FALSE(spec.has_value());
  CHECK(spec.error().position() == 1);
  CHECK(is_bad(spec.error(), "clause 1"));
}

TEST_CASE("a guard of one clause does not affect another", "[match]") {
  const auto spec =
      select_spec::compile({{"a", any, var<1>, {}, {var<1>}}, {"b", any, var<1>, {var<1> > 5}, {var<1>}}}).value();
  internal::select_run run(spec);
  CHECK(run("a", {}, 1) == value{1});
  CHECK(run("b", {}, 7) == value{7});
  CHECK_FALSE(run("b", {}, 1));
}

TEST_CASE("an unknown function is refused wherever it stands", "[match]") {
  const auto unknown = expression::call("frobnicate", {1});
  CHECK(is_bad(guard_error(unknown), "frobnicate"));
  CHECK(is_bad(body_error(unknown), "frobnicate"));
  CHECK(is_bad(guard_error(true || unknown), "frobnicate"));
  CHECK(is_bad(guard_error(is_int(list_of(hd(unknown)))), "frobnicate"));
  CHECK(is_bad(error_of({any, any, any, {}, {unknown, true}}), "body expression 0"));
  CHECK(is_bad(guard_error(expression::call("", {})), "''"));
}

TEST_CASE("a wrong number of arguments is refused", "[match]") {
  struct row {
    std::string name;
    std::vector<std::size_t> right;
  };
  std::vector<row> rows;
  for (const auto* name : {"==", "/=", "=:=", "=/=", "<", ">", "=<", ">=", "+", "-", "*", "div", "rem", "element", "map_get",
                           "is_map_key", "xor", "andalso", "orelse"})
    rows.push_back({name, {2}});
  for (const auto* name :
       {"is_null",   "is_boolean", "is_bool",   "is_atom",  "is_integer", "is_int",   "is_float", "is_real",
        "is_number", "is_binary",  "is_string", "is_bytes", "is_pid",     "is_actor", "is_list",  "is_map",
        "abs",       "hd",         "tl",        "length",   "map_size",   "not"})
    rows.push_back({name, {1}});
  for (const auto* name : {"and", "or"})
    rows.push_back({name, {2, 3, 4}});
  for (const auto& [name, right] : rows)
    for (std::size_t n = 0; n < 5; ++n) {
      CAPTURE(name, n);
      const std::vector<expression> arguments(n, expression(1));
      const auto spec = match_spec::compile(any, {expression::call(name, arguments)});
      const bool expected = std::find(right.begin(), right.end(), n) != right.end();
      CHECK(spec.has_value() == expected);
      if (!spec)
        CHECK(is_bad(spec.error(), "'" + name + "' takes"));
    }
}

TEST_CASE("the row and the bindings have no meaning in guards", "[match]") {
  CHECK(is_bad(guard_error(row == list()), "$_"));
  CHECK(is_bad(guard_error(length(bindings) > 1), "$$"));
}

TEST_CASE("a variable number out of range is refused", "[match]") {
  CHECK(is_bad(pattern_error(variable{0}), "$0"));
  CHECK(is_bad(pattern_error(variable{256}), "$256"));
  CHECK(is_bad(pattern_error(list_like(object_like("a", variable{1000}))), "$1000"));
  CHECK(is_bad(pattern_error(pattern::list({}, variable{0})), "$0"));
  CHECK(is_bad(guard_error(is_int(variable{0})), "$0"));
  CHECK(is_bad(guard_error(is_int(variable{70000})), "$70000"));
}

TEST_CASE("an invalid pattern is refused", "[match]") {
  CHECK(is_bad(pattern_error(object_like("a", 1, "b", 2, "a", var<1>)), "\"a\" occurs twice"));
  CHECK(is_bad(pattern_error(list_like(object_like("a", 1, "a", 1))), "occurs twice"));
  CHECK(is_bad(pattern_error(pattern::list({1}, 2)), "tail"));
  CHECK(is_bad(pattern_error(pattern::list({1}, list_like(any))), "tail"));
  CHECK(is_bad(guard_error(map_size(object_of("a", 1, "a", var<1>)) > 0), "occurs twice"));
}

TEST_CASE("a select needs a clause, and a clause a body", "[match]") {
  const auto spec = select_spec::compile({});
  REQUIRE_FALSE(spec.has_value());
  CHECK(is_bad(spec.error(), "at least one clause"));
  CHECK(is_bad(error_of({any, any, any, {}, {}}), "body"));
}

TEST_CASE("the position of an error is the index of the clause", "[match]") {
  std::vector<select_clause> clauses(4, {any, any, var<1>, {}, {var<1>}});
  CHECK(select_spec::compile(clauses).has_value());
  clauses[2].guards = {true, var<3>};
  const auto spec = select_spec::compile(clauses);
  REQUIRE_FALSE(spec.has_value());
  CHECK(spec.error().position() == 2);
  CHECK(is_bad(spec.error(), "clause 2, guard 1"));
}

TEST_CASE("the first error is reported", "[match]") {
  CHECK(is_bad(error_of({any, any, any, {var<2>, var<3>}, {var<4>}}), "$2"));
}

TEST_CASE("patterns and expressions that are too deep or too large are refused", "[match]") {
  pattern nested = var<1>;
  expression sum = var<1>;
  for (std::size_t i = 1; i < max_match_depth; ++i) {
    nested = list_like(nested);
    sum = sum + 1;
  }
  CHECK(match_spec::compile(nested).has_value());
  CHECK(match_spec::compile(var<1>, {sum > 0}).error() == errc::limit_exceeded);
  CHECK(pattern_error(list_like(nested)) == errc::limit_exceeded);
  CHECK(pattern_error(object_like("a", nested)) == errc::limit_exceeded);
  CHECK(pattern_error(list_like(list_like(nested), nested)) == errc::limit_exceeded);
  CHECK(guard_error(list_of(sum, sum)) == errc::limit_exceeded);
}

TEST_CASE("shared parts do not make a specification explode", "[match]") {
  expression doubled = var<1>;
  pattern shared = var<1>;
  for (int i = 0; i < 200; ++i) {
    doubled = doubled + doubled;
    shared = list_like(shared, shared);
  }
  CHECK(guard_error(doubled) == errc::limit_exceeded);
  CHECK(pattern_error(shared) == errc::limit_exceeded);
  CHECK(to_string(shared).size() < 1000);
  CHECK(identical(shared, shared));
}

TEST_CASE("unbounded building ends with an error, not with an exhausted stack", "[match]") {
  expression deep = var<1>;
  pattern nested = var<1>;
  for (int i = 0; i < 200000; ++i) {
    deep = !deep;
    nested = list_like(nested);
  }
  CHECK(guard_error(deep).code() == errc::limit_exceeded);
  CHECK(pattern_error(nested).code() == errc::limit_exceeded);
}

TEST_CASE("a specification may use every variable", "[match]") {
  std::vector<pattern> holes;
  std::vector<expression> all;
  std::vector<value> numbers;
  for (unsigned n = max_variable; n >= 1; --n) {
    holes.push_back(variable{n});
    numbers.emplace_back(n);
  }
  const auto spec = select_spec::compile({{any, any, pattern::list(holes), {}, {bindings}}});
  REQUIRE(spec.has_value());
  const auto result = spec.value().run("key", nullptr, value::list(numbers));
  std::reverse(numbers.begin(), numbers.end());
  CHECK(identical(result.value(), value::list(numbers)));
}

TEST_CASE("keys are bound if every clause names its key", "[match]") {
  const auto keys = [](const std::string& text) -> std::string {
    const auto spec = parse_select(text).value();
    const auto bound = spec.bound_keys();
    return bound ? to_string(value::list(*bound)) : "unbound";
  };
  CHECK(keys("[\"a\", _, _]") == "[\"a\"]");
  CHECK(keys("[\"a\", _, _]; [[\"b\", 1], _, _]") == "[\"a\", [\"b\", 1]]");
  CHECK(keys("[\"a\", _, $1] when $1 > 1; [\"a\", _, _]") == "[\"a\"]");
  CHECK(keys("[1, _, _]; [1.0, _, _]; [1, _, _]") == "[1, 1.0]");
  CHECK(keys("[[[], [1, [2]]], _, _]") == "[[[], [1, [2]]]]");
  CHECK(keys("[={\"a\": 1}, _, _]") == "[{\"a\": 1}]");
  CHECK(keys("[_, _, _]") == "unbound");
  CHECK(keys("[$1, _, _]") == "unbound");
  CHECK(keys("[\"a\", _, _]; [_, _, _]") == "unbound");
  CHECK(keys("[[\"b\", _], _, _]") == "unbound");
  CHECK(keys("[[\"b\" | _], _, _]") == "unbound");
  CHECK(keys("[{\"a\": 1}, _, _]") == "unbound");
  CHECK(keys("[[{\"a\": 1}], _, _]") == "unbound");
  CHECK(keys("[{}, _, _]") == "unbound");
}

TEST_CASE("copies of a specification work independently of the original", "[match]") {
  std::optional<match_spec> copy;
  {
    const auto original = parse_match("[$1, \"a string that is too long to be stored inline\"] when $1 > 1").value();
    copy = original;
  }
  CHECK(copy->matches(list(2, "a string that is too long to be stored inline")));
}
