#include "evaluation.hpp"

#include <registry/match/operators.hpp>

#include <limits>

using namespace registry;
using Catch::Matchers::ContainsSubstring;
using registry::testing::parsed;

namespace {

/// The pattern in canonical form, or the error.
std::string pattern_text(std::string_view text) {
  const auto p = parse_pattern(text);
  return p ? to_string(p.value()) : to_string(p.error());
}

std::string expression_text(std::string_view text) {
  const auto e = parse_expression(text);
  return e ? to_string(e.value()) : to_string(e.error());
}

/// A text, the position of the error in it, and a part of the message.
struct mistake {
  std::string text;
  std::size_t position;
  std::string message;
};

template <class Parse>
void check_mistakes(Parse parse, const std::vector<mistake>& mistakes) {
  for (const auto& [text, position, message] : mistakes) {
    CAPTURE(text);
    const auto parsed = parse(text);
    REQUIRE_FALSE(parsed.has_value());
    CAPTURE(to_string(parsed.error()));
    CHECK(parsed.error() == errc::bad_match_spec);
    CHECK(parsed.error().position() == position);
    CHECK_THAT(std::string(parsed.error().message()), ContainsSubstring(message));
  }
}

} // namespace

TEST_CASE("patterns are read and written canonically", "[match]") {
  CHECK(pattern_text(" _ ") == "_");
  CHECK(pattern_text("$1") == "$1");
  CHECK(pattern_text("$255") == "$255");
  CHECK(pattern_text("{\"shard\":$1,\"role\":\"primary\"}") == "{\"role\": \"primary\", \"shard\": $1}");
  CHECK(pattern_text("[1,$2|$3]") == "[1, $2 | $3]");
  CHECK(pattern_text("[ 1 | _ ]") == "[1 | _]");
  CHECK(pattern_text("[|$1]") == "[ | $1]");
  CHECK(pattern_text("[]") == "[]");
  CHECK(pattern_text("{}") == "{}");
  CHECK(pattern_text("[{\"a\":[_,{}]},null,true,false]") == "[{\"a\": [_, {}]}, null, true, false]");
  CHECK(pattern_text("\t[\r\n1 ]") == "[1]");
  CHECK(pattern_text("b\"00fF\"") == "b\"00ff\"");
  CHECK(pattern_text("[inf, -inf]") == "[inf, -inf]");
}

TEST_CASE("parsed patterns are those of the C++ notation", "[match]") {
  const auto is = [](std::string_view text, const pattern& p) { return identical(parse_pattern(text).value(), p); };
  CHECK(is("_", any));
  CHECK(is("$7", var<7>));
  CHECK(is("{\"role\": \"primary\", \"shard\": $1}", object_like("role", "primary", "shard", var<1>)));
  CHECK(is("[1, [2.0, \"x\"], null]", list(1, list(2.0, "x"), nullptr)));
  CHECK(is("[1, _ | $3]", pattern::list({1, any}, var<3>)));
  CHECK(is("={\"a\": [1]}", object("a", list(1))));
  CHECK(is("=[{\"a\": 1}]", list(object("a", 1))));
  CHECK(is("= 5", 5));
}

TEST_CASE("numbers are read exactly", "[match]") {
  const auto is = [](std::string_view text, const value& x) {
    return identical(parse_pattern(text).value(), pattern(x)) && identical(parse_expression(text).value(), expression(x));
  };
  CHECK(is("0", 0));
  CHECK(is("-0", 0));
  CHECK(is("1", 1));
  CHECK(is("1.0", 1.0));
  CHECK(is("1e2", 100.0));
  CHECK(is("1E+2", 100.0));
  CHECK(is("25e-1", 2.5));
  CHECK(is("-0.0", 0.0));
  CHECK(is("- 3", -3));
  CHECK(is("9223372036854775807", std::numeric_limits<std::int64_t>::max()));
  CHECK(is("-9223372036854775808", std::numeric_limits<std::int64_t>::min()));
  CHECK(is("5e-324", 5e-324));
  CHECK(is("1.7976931348623157e308", std::numeric_limits<double>::max()));
  CHECK(is("9223372036854775808.0", 9223372036854775808.0));
}

TEST_CASE("strings have the escapes of JSON", "[match]") {
  const auto is = [](std::string_view text, std::string_view x) {
    return identical(parse_pattern(text).value(), pattern(value(x)));
  };
  CHECK(is(R"("")", ""));
  CHECK(is(R"("a\"\\\/\b\f\n\r\t")", "a\"\\/\b\f\n\r\t"));
  CHECK(is(R"("\u0041\u00e9\u20AC\ud83d\ude00")", "Aé€😀"));
  CHECK(is("\"é€😀\"", "é€😀"));
  CHECK(is(R"("\u0000x")", std::string_view("\0x", 2)));
  CHECK(is("\"\x7f\"", "\x7f"));
  CHECK(is(R"("$1 _ when")", "$1 _ when"));
}

TEST_CASE("errors in tokens are reported at their position", "[match]") {
  check_mistakes(parse_pattern, {
                                    {"\"abc", 0, "does not end"},
                                    {"[1, \"abc\\\"", 4, "does not end"},
                                    {"\"ab\\x\"", 3, "escape"},
                                    {"\"\\u12g4\"", 1, "escape"},
                                    {"\"\\u12\"", 1, "escape"},
                                    {"\"a\\ud83d\"", 2, "escape"},
                                    {"\"a\\ud83d\\u0041\"", 2, "escape"},
                                    {"\"\\ude00\"", 1, "escape"},
                                    {"\"a\nb\"", 2, "control characters"},
                                    {"\"ab\xff\"", 3, "UTF-8"},
                                    {"\"\xc0\x80\"", 1, "UTF-8"},
                                    {"\"\xed\xa0\x80\"", 1, "UTF-8"},
                                    {"'abc'", 0, "double quotes"},
                                    {"[1, @]", 4, "\"@\""},
                                    {"\xff", 0, "\\xff"},
                                    {"$", 0, "behind '$'"},
                                    {"[$x]", 1, "behind '$'"},
                                    {"1.", 1, "decimal point"},
                                    {"1.e5", 1, "decimal point"},
                                    {"1e", 1, "exponent"},
                                    {"1e+", 1, "exponent"},
                                    {"01", 1, "separate"},
                                    {"12ab", 2, "separate"},
                                    {"b\"0\"", 2, "hexadecimal"},
                                    {"b\"00zz\"", 4, "hexadecimal"},
                                    {"9223372036854775808", 0, "64 bits"},
                                    {"[-9223372036854775809]", 2, "64 bits"},
                                    {"1e999", 0, "range"},
                                });
}

TEST_CASE("errors in patterns are reported at their position", "[match]") {
  check_mistakes(parse_pattern, {
                                    {"", 0, "expected a pattern, but the text ends here"},
                                    {"   ", 3, "expected a pattern, but the text ends here"},
                                    {"[1, 2", 5, "expected ',', '|' or ']', but the text ends here"},
                                    {"[1 2]", 3, "expected ',', '|' or ']', but found '2'"},
                                    {"[1,]", 3, "expected a pattern, but found ']'"},
                                    {"[1 | 2]", 5, "expected _ or a variable"},
                                    {"[1 | $2, 3]", 7, "expected ']', but found ','"},
                                    {"{a: 1}", 1, "a key in double quotes"},
                                    {"{\"a\" 1}", 5, "expected ':' after the key"},
                                    {"{\"a\": }", 6, "expected a pattern"},
                                    {"{\"a\": 1", 7, "expected ',' or '}'"},
                                    {"{\"a\": 1, }", 9, "a key in double quotes"},
                                    {"{\"a\": 1, \"b\": {\"c\": 1, \"c\": 2}}", 14, "\"c\" occurs twice"},
                                    {"$0", 0, "from $1 to $255"},
                                    {"[$256]", 1, "from $1 to $255"},
                                    {"$99999999999999999999", 0, "from $1 to $255"},
                                    {"$_", 0, "from $1 to $255"},
                                    {"$$", 0, "from $1 to $255"},
                                    {"1 2", 2, "expected the end of the pattern, but found '2'"},
                                    {"foo", 0, "expected a pattern, but found 'foo'"},
                                    {"-x", 1, "expected a number, but found 'x'"},
                                    {"=$1", 1, "without variables"},
                                    {"[={\"a\": _}]", 8, "is not a value"},
                                    {"=hd([1])", 1, "without variables"},
                                });
}

TEST_CASE("operators bind as documented", "[match]") {
  const auto same = [](const std::string& text, const std::string& explicit_text) {
    INFO(expression_text(text) << " / " << expression_text(explicit_text));
    return identical(parsed(text), parsed(explicit_text));
  };
  CHECK(same("$1 orelse $2 andalso $3 or $4 and $5 == $6 + $7 * -$8",
             "$1 orelse ($2 andalso ($3 or ($4 and ($5 == ($6 + ($7 * (0 - $8)))))))"));
  CHECK(same("$1 * $2 + $3 == $4 and $5 or $6 andalso $7 orelse $8",
             "((((((($1 * $2) + $3) == $4) and $5) or $6) andalso $7) orelse $8)"));
  CHECK(same("$1 - $2 - $3", "($1 - $2) - $3"));
  CHECK(same("$1 div $2 * $3 rem $4", "(($1 div $2) * $3) rem $4"));
  CHECK(same("$1 or $2 xor $3", "($1 or $2) xor $3"));
  CHECK(same("$1 orelse $2 orelse $3", "$1 orelse ($2 orelse $3)"));
  CHECK(same("$1 andalso $2 andalso $3", "$1 andalso ($2 andalso $3)"));
  CHECK(same("not $1 == $2", "(not $1) == $2"));
  CHECK(same("not not $1", "not(not($1))"));
  CHECK(same("- - $1", "0 - (0 - $1)"));
  CHECK(same("$1 -1", "$1 - 1"));
  CHECK(same("$1-1", "$1 - 1"));
  CHECK(same("1 - -1", "1 - (-1)"));
  CHECK(same("-1 + 2", "(-1) + 2"));
}

TEST_CASE("operators have synonyms", "[match]") {
  CHECK(expression_text("$1&&$2||!$3") == "$1 andalso $2 orelse not($3)");
  CHECK(expression_text("$1!=$2") == "$1 /= $2");
  CHECK(expression_text("$1<=$2") == "$1 =< $2");
}

TEST_CASE("every word operator can be written as a function", "[match]") {
  CHECK(expression_text("andalso($1, $2)") == "$1 andalso $2");
  CHECK(expression_text("div($1, 2)") == "$1 div 2");
  CHECK(expression_text("and($1, $2)") == "$1 and $2");
  CHECK(expression_text("and($1, $2, $3)") == "and($1, $2, $3)");
  CHECK(expression_text("or(true, $2 or $3, $4)") == "or(true, $2 or $3, $4)");
  CHECK(expression_text("not($1)") == "not($1)");
}

TEST_CASE("expressions are written with the parentheses they need", "[match]") {
  for (const auto* text :
       {"($1 + 2) * 3", "$1 + 2 * 3", "$1 - ($2 - $3)", "$1 - $2 - $3", "($1 orelse $2) orelse $3", "$1 orelse $2 orelse $3",
        "($1 == $2) == $3", "$1 == ($2 == $3)", "not($1 and $2)", "not($1) and $2", "1 - -2", "0 - $1", "(0 - $1) * 2",
        "[$1, {\"a\": $$, \"b\": hd($_)}]", "element(-1, [])", "($1 andalso $2) and $3", "\"a\" < $1", "2.0e-7 =:= $1"})
    CHECK(expression_text(text) == (std::string(text) == "2.0e-7 =:= $1" ? "2e-07 =:= $1" : text));
}

TEST_CASE("errors in expressions are reported at their position", "[match]") {
  check_mistakes(parse_expression, {
                                       {"", 0, "expected an expression, but the text ends here"},
                                       {"1 +", 3, "expected an expression, but the text ends here"},
                                       {"1 + * 2", 4, "expected an expression, but found '*'"},
                                       {"(1", 2, "expected an operator or ')', but the text ends here"},
                                       {"(1 2)", 3, "expected an operator or ')', but found '2'"},
                                       {"[1, 2", 5, "expected ',' or ']'"},
                                       {"[1 | 2]", 3, "expected ',' or ']', but found '|'"},
                                       {"hd(1", 4, "expected ',' or ')'"},
                                       {"hd(1,)", 5, "expected an expression"},
                                       {"hd", 0, "arguments of a function in parentheses"},
                                       {"$1 == primary", 6, "double quotes"},
                                       {"_", 0, "is not a value"},
                                       {"{\"a\" $1}", 5, "expected ':'"},
                                       {"{\"a\": $1, \"a\": 2}", 0, "occurs twice"},
                                       {"1 < 2 < 3", 6, "do not chain"},
                                       {"$1 == $2 =:= $3", 9, "do not chain"},
                                       {"1 2", 2, "expected an operator or the end of the expression, but found '2'"},
                                       {"$1 = 2", 3, "found '='"},
                                       {"$1 & 2", 3, "\"&\""},
                                       {"not", 3, "expected an expression"},
                                       {"$1 and", 6, "expected an expression"},
                                       {"1 / 2", 2, "found '/'"},
                                       {"$256 + 1", 0, "from $1 to $255"},
                                       {"- \"a\" \"b\"", 6, "found a string"},
                                       {"1 b\"00\"", 2, "found bytes"},
                                   });
}

TEST_CASE("match texts have a pattern and guards", "[match]") {
  const auto spec = parse_match("{\"role\": \"primary\", \"shard\": $1} when $1 < 10, $1 >= 0").value();
  CHECK(spec.matches(object("role", "primary", "shard", 3, "host", "a")));
  CHECK_FALSE(spec.matches(object("role", "primary", "shard", 10)));
  CHECK_FALSE(spec.matches(object("role", "primary", "shard", -1)));
  CHECK_FALSE(spec.matches(object("role", "replica", "shard", 3)));
  CHECK(parse_match("_").value().matches(nullptr));
}

TEST_CASE("errors in match texts are reported at their position", "[match]") {
  check_mistakes(parse_match, {
                                  {"", 0, "expected a pattern"},
                                  {"$1 when", 7, "expected an expression"},
                                  {"$1 when $1 > 1,", 15, "expected an expression"},
                                  {"$1 when $1 > 1; $1", 14, "found ';'"},
                                  {"$1 -> $1", 3, "found '->'"},
                                  {"$1 if $1 > 1", 3, "expected 'when'"},
                                  // Valid texts that are not valid specifications:
                                  {"$1 when $2 > 1", 8, "$2 is not bound"},
                                  {"{\"a\": $1} when true orelse is_int([1, $3])", 38, "$3 is not bound"},
                                  {"_ when frobnicate(1)", 7, "frobnicate"},
                                  {"_ when true or frobnicate(1)", 15, "frobnicate"},
                                  {"$1 when $1 > 1, hd($1, 2) == 3", 16, "'hd' takes 1 argument, not 2"},
                                  {"_ when and(true)", 7, "'and' takes at least 2 arguments, not 1"},
                                  {"_ when is_list($_)", 15, "$_"},
                                  {"_ when 1 < length($$)", 18, "$$"},
                              });
}

TEST_CASE("errors in select texts are reported at their position", "[match]") {
  check_mistakes(parse_select, {
                                   {"", 0, "expected '[' to begin a clause"},
                                   {"_", 0, "expected '[' to begin a clause"},
                                   {"[_, _]", 5, "expected ',' and the pattern of the value, but found ']'"},
                                   {"[_, _, _, _]", 8, "expected ']'"},
                                   {"[_]", 2, "expected ',' and the pattern of the member"},
                                   {"[_, _, _] ->", 12, "expected an expression"},
                                   {"[_, _, _] when -> $_", 15, "expected an expression"},
                                   {"[_, _, _] -> $_;", 16, "expected '['"},
                                   {"[_, _, _] -> $_ [_, _, _]", 16, "found '['"},
                                   {"[_, _, _] -> $_ when true", 16, "found 'when'"},
                                   {"[_, _, $1] -> $1; [_, _, $2] -> $1", 32, "$1 is not bound"},
                                   {"[_, _, $1] when $_ == [] -> 1", 16, "$_"},
                                   {"[_, _, _] -> 1, nothing(), 2", 16, "nothing"},
                               });
}

TEST_CASE("texts may be nested up to the limit and no deeper", "[match]") {
  const auto nested = [](const std::string& open, std::size_t n, const std::string& middle, const std::string& close) {
    std::string text;
    for (std::size_t i = 0; i < n; ++i)
      text += open;
    text += middle;
    for (std::size_t i = 0; i < n; ++i)
      text += close;
    return text;
  };
  const auto n = max_match_depth - 1;
  CHECK(parse_pattern(nested("[", n, "$1", "]")).has_value());
  CHECK(parse_pattern(nested("{\"a\":", n, "$1", "}")).has_value());
  CHECK(parse_expression(nested("[", n, "$1", "]")).has_value());
  CHECK(parse_expression(nested("not(", n, "$1", ")")).has_value());
  CHECK(parse_expression(nested("1 * (2 + ", n / 2, "$1", ")")).has_value());
  CHECK(parse_expression(nested("$1 + ", n, "$1", "")).has_value());
  CHECK(parse_expression(nested("$1 orelse ", n, "$1", "")).has_value());

  CHECK(parse_pattern(nested("[", n + 1, "$1", "]")).error() == errc::limit_exceeded);
  CHECK(parse_expression(nested("[", n + 1, "$1", "]")).error() == errc::limit_exceeded);
  CHECK(parse_expression(nested("not ", n + 1, "$1", "")).error() == errc::limit_exceeded);
  CHECK(parse_expression(nested("$1 + ", n + 1, "$1", "")).error() == errc::limit_exceeded);
  CHECK(parse_expression(nested("$1 orelse ", n + 1, "$1", "")).error() == errc::limit_exceeded);
  for (const auto* open : {"[", "{\"a\":", "(", "- ", "!", "not ", "hd(", "1 + ", "1 orelse ", "=", "=[", "1 - ("}) {
    CAPTURE(open);
    CHECK_FALSE(parse_pattern(nested(open, 100000, "", "")).has_value());
    CHECK_FALSE(parse_expression(nested(open, 100000, "", "")).has_value());
    CHECK_FALSE(parse_match("$1 when " + nested(open, 100000, "", "")).has_value());
  }
}

TEST_CASE("texts that are too long are refused", "[match]") {
  const std::string spaces(max_match_text, ' ');
  CHECK(parse_pattern(spaces + "_").error() == errc::limit_exceeded);
  CHECK(parse_match(spaces + "_").error() == errc::limit_exceeded);
  CHECK(parse_pattern(spaces.substr(1) + "_").has_value());
}
