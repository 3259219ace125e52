#include "evaluation.hpp"

#include <registry/match/operators.hpp>

#include <support/fake_member.hpp>

using namespace registry;
using namespace registry::testing;

TEST_CASE("a call that fails in a body yields EXIT, and evaluation continues around it", "[match]") {
  struct row {
    std::string text;
    std::string result;
  };
  const std::vector<row> rows{
      {"hd($1)", "\"EXIT\""},
      {"[$1, hd($1)]", "[3, \"EXIT\"]"},
      {"{\"a\": hd($1)}", "{\"a\": \"EXIT\"}"},
      {"hd($1) =/= 5", "true"},
      {"hd($1) + 1", "\"EXIT\""},
      {"not(hd($1) == 5)", "true"},
      {"true and is_map_key(\"a\", $1)", "\"EXIT\""},
      {"(1 == 1) andalso hd($1)", "\"EXIT\""},
      {"(1 == 1) orelse hd($1)", "true"},
      {"(1 == 2) andalso hd($1)", "false"},
      {"(1 == 2) orelse hd($1)", "\"EXIT\""},
      {"hd($1) andalso true", "\"EXIT\""},
      {"hd($1) orelse true", "\"EXIT\""},
      {"false and hd($1)", "\"EXIT\""},
      {"true or hd($1)", "\"EXIT\""},
      {"not hd($1)", "\"EXIT\""},
      {"not null", "\"EXIT\""},
      {"true xor hd($1)", "\"EXIT\""},
      {"true andalso $1", "3"},
      {"false orelse [$1]", "[3]"},
      {"$1 div 0", "\"EXIT\""},
      {"$1 rem 0", "\"EXIT\""},
      {"$1 div 2.0", "\"EXIT\""},
      {"abs(hd($1))", "\"EXIT\""},
      {"length($1)", "\"EXIT\""},
      {"tl($1)", "\"EXIT\""},
      {"element(1, $1)", "\"EXIT\""},
      {"map_get(\"a\", {\"b\": 1})", "\"EXIT\""},
      {"map_size($1)", "\"EXIT\""},
      {"9223372036854775807 + $1", "\"EXIT\""},
      {"hd($1) == \"EXIT\"", "true"},
      {"is_string(hd($1))", "true"},
      {"hd([$1, hd($1)])", "3"},
      {"tl([$1, hd($1)])", "[\"EXIT\"]"},
  };
  for (const auto& [text, result] : rows) {
    CAPTURE(text);
    CHECK(evaluated(text, 3) == result);
  }
}

TEST_CASE("the last expression of a body is the result, and the others have no effect", "[match]") {
  const auto run = [](const std::string& text) { return to_string(*parse_select(text).value().run("key", nullptr, 3)); };
  CHECK(run("[_, _, $1] -> hd($1), 1 div 0, $1 + 1") == "4");
  CHECK(run("[_, _, $1] -> $1, hd($1)") == "\"EXIT\"");
}

TEST_CASE("a body sees the row and the bindings", "[match]") {
  const auto who = make_member(1);
  const auto run = [&](const std::string& text) {
    const auto result = parse_select(text).value().run(list("room", 7), who, object("a", 1));
    REQUIRE(result.has_value());
    return *result;
  };
  const auto whole = list(list("room", 7), who, object("a", 1));
  CHECK(identical(run("[_, _, _]"), whole));
  CHECK(identical(run("[_, _, _] -> $_"), whole));
  CHECK(identical(run("[_, _, _] -> element(2, $_)"), who));
  CHECK(identical(run("[_, $1, _] -> $1"), who));
  CHECK(identical(run("[[$9, $3], $40, {\"a\": $2}] -> $$"), list(1, 7, "room", who)));
  CHECK(identical(run("[[_ | $2], _, $1] -> $$"), list(object("a", 1), list(7))));
  CHECK(identical(run("[_, _, _] -> $$"), list()));
}

TEST_CASE("the first clause that matches gives the result", "[match]") {
  const auto spec =
      parse_select("[\"a\", _, $1] when $1 > 5 -> \"large\"; [\"a\", _, $1] when hd($1) -> 0; [\"a\", _, _] -> \"small\"")
          .value();
  CHECK(identical(*spec.run("a", nullptr, 7), "large"));
  CHECK(identical(*spec.run("a", nullptr, 3), "small"));
  CHECK_FALSE(spec.run("b", nullptr, 7).has_value());
}

TEST_CASE("a variable ties key, member and value together", "[match]") {
  const auto who = make_member(1);
  const auto spec = parse_select("[[$1, $2], $2, {\"id\": $1}] -> $1").value();
  CHECK(identical(*spec.run(list(4, who), who, object("id", 4)), value(4)));
  CHECK_FALSE(spec.run(list(4, who), who, object("id", 5)).has_value());
  CHECK_FALSE(spec.run(list(4, who), make_member(2), object("id", 4)).has_value());
}

TEST_CASE("holds returns whether the result is exactly true", "[match]") {
  const auto holds = [](const std::string& body, const value& x) {
    return parse_select("[_, _, $1] -> " + body).value().holds("key", nullptr, x);
  };
  CHECK(holds("$1 > 2", 3));
  CHECK_FALSE(holds("$1 > 2", 1));
  CHECK_FALSE(holds("$1", 1));
  CHECK(holds("$1", true));
  CHECK_FALSE(holds("hd($1)", 3));
  CHECK(holds("hd($1) == \"EXIT\"", 3));
  CHECK_FALSE(holds("true and hd($1)", 3));
  CHECK_FALSE(parse_select("[1, _, _] -> true").value().holds(2, nullptr, 3));
}

TEST_CASE("a null handle is null in patterns and bodies", "[match]") {
  CHECK(parse_select("[_, null, _] -> true").value().holds(1, nullptr, 2));
  CHECK_FALSE(parse_select("[_, null, _] -> true").value().holds(1, make_member(1), 2));
}
