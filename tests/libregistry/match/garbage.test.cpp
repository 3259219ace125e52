#include <registry/match/parser.hpp>

#include <support/effort.hpp>
#include <support/random_value.hpp>
#include <support/seed.hpp>

#include <support/catch.hpp>

#include <array>

using namespace registry;
using registry::testing::random_below;
using registry::testing::repetitions;

namespace {

/// Checks that a text is either parsed or refused with a message and a position inside it.
template <class Parse>
bool survives(Parse parse, const std::string& text) {
  const auto parsed = parse(text);
  if (parsed)
    return true;
  const auto& e = parsed.error();
  REQUIRE((e == errc::bad_match_spec || e == errc::limit_exceeded));
  REQUIRE(e.position() <= text.size());
  REQUIRE_FALSE(e.message().empty());
  return false;
}

/// Parses a text in every way; whatever can be parsed can be written and parsed again.
int try_everything(const std::string& text) {
  CAPTURE(text);
  std::uint64_t successes = 0;
  if (survives(parse_pattern, text)) {
    ++successes;
    const auto p = parse_pattern(text).value();
    REQUIRE(identical(parse_pattern(to_string(p)).value(), p));
  }
  if (survives(parse_expression, text)) {
    ++successes;
    const auto e = parse_expression(text).value();
    REQUIRE(identical(parse_expression(to_string(e)).value(), e));
  }
  if (survives(parse_match, text))
    ++successes;
  if (survives(parse_select, text))
    ++successes;
  return successes;
}

constexpr std::array<const char*, 60> words{
    "[",    "]",       "{",      "}",       "(",        ")",        ",",     ":",           ";",          "|",
    "<",    ">",       "=<",     ">=",      "==",       "/=",       "=:=",   "=/=",         "->",         "+",
    "-",    "*",       "=",      "!",       "&&",       "||",       "_",     "$1",          "$2",         "$_",
    "$$",   "$",       "1",      "2.5",     "-3",       "1e5",      "\"a\"", "\"\\u0041\"", "\"a\":",     "null",
    "true", "false",   "inf",    "b\"00\"", "when",     "and",      "or",    "not",         "xor",        "div",
    "rem",  "andalso", "orelse", "hd(",     "is_list(", "element(", "and(",  "frob(",       "[_, _, $1]", "[_, $1, _] -> "};

constexpr std::array<const char*, 6> valid{
    "{\"role\": \"primary\", \"shard\": $1} when $1 < 10, is_int($1) andalso not ($1 == 3)",
    "[[\"room\", $1], _, {\"n\": $2}] when $2 > 1.5e3 -> [$1, $_], {\"all\": $$}; [_, _, [1 | $3]] -> hd($3)",
    "[\"\\u00e9\\ud83d\\ude00\", b\"00ff\", -9223372036854775808, ={\"a\": [1, {}]} | _]",
    "($1 + 2) * -3 div abs($2) rem 4 =< element(1, [$3, \"x\"]) orelse $4 xor and(true, $5, false)",
    "[_, _, _]",
    "$1 when map_get(\"a\", $1) =:= length([1, 2]) orelse is_map_key(\"b\", $1)"};

} // namespace

TEST_CASE("random bytes are parsed or refused without harm", "[match]") {
  std::mt19937_64 random(testing::seed());
  for (std::uint64_t round = 0; round < repetitions(5000); ++round) {
    std::string text(random_below(random, 40), ' ');
    for (auto& c : text)
      c = static_cast<char>(random_below(random, 2) == 0 ? random_below(random, 256) : 32 + random_below(random, 96));
    try_everything(text);
  }
}

TEST_CASE("random words are parsed or refused without harm", "[match]") {
  std::mt19937_64 random(testing::seed() + 1);
  std::uint64_t successes = 0;
  for (std::uint64_t round = 0; round < repetitions(20000); ++round) {
    std::string text;
    for (auto n = 1 + random_below(random, 10); n > 0; --n) {
      text += words[random_below(random, words.size())];
      text += random_below(random, 4) == 0 ? "" : " ";
    }
    successes += try_everything(text);
  }
  CHECK(successes > repetitions(100));
}

TEST_CASE("valid texts with random changes are parsed or refused without harm", "[match]") {
  std::mt19937_64 random(testing::seed() + 2);
  std::uint64_t successes = 0;
  for (std::uint64_t round = 0; round < repetitions(10000); ++round) {
    std::string text = valid[random_below(random, valid.size())];
    for (auto n = random_below(random, 4); n > 0; --n) {
      const auto at = random_below(random, text.size());
      const std::string other = valid[random_below(random, valid.size())];
      switch (random_below(random, 4)) {
      case 0:
        text.erase(at, 1 + random_below(random, 5));
        break;
      case 1:
        text.insert(at, words[random_below(random, words.size())]);
        break;
      case 2:
        text[at] = static_cast<char>(random_below(random, 256));
        break;
      default:
        text.replace(at, random_below(random, 10), other.substr(random_below(random, other.size()), 10));
      }
      if (text.empty())
        text = "_";
    }
    successes += try_everything(text);
  }
  CHECK(successes > repetitions(1000));
}
