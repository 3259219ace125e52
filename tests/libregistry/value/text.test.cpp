#include <registry/value/internal/text.hpp>
#include <registry/value/value.hpp>

#include <support/fake_member.hpp>
#include <support/seed.hpp>

#include <support/catch.hpp>

#include <bit>
#include <charconv>
#include <cmath>
#include <limits>
#include <random>

using namespace registry;

namespace {

std::string quoted(std::string_view text) {
  std::string out;
  internal::append_quoted(out, text);
  return out;
}

std::string spelled(double x) {
  std::string out;
  internal::append_real(out, x);
  return out;
}

} // namespace

TEST_CASE("every kind of value has a text form") {
  CHECK(to_string(value{}) == "null");
  CHECK(to_string(value{true}) == "true");
  CHECK(to_string(value{false}) == "false");
  CHECK(to_string(value{-42}) == "-42");
  CHECK(to_string(value{1.0}) == "1.0");
  CHECK(to_string(value{std::numeric_limits<double>::infinity()}) == "inf");
  CHECK(to_string(value{-std::numeric_limits<double>::infinity()}) == "-inf");
  CHECK(to_string(value{"a \"b\""}) == R"("a \"b\"")");
  CHECK(to_string(value::bytes(std::as_bytes(std::span{"\x00\xff", 2}))) == "b\"00ff\"");
  CHECK(to_string(list()) == "[]");
  CHECK(to_string(object()) == "{}");
  CHECK(to_string(list(1, list("x"), nullptr)) == R"([1, ["x"], null])");
  CHECK(to_string(object("b", 1, "a", object("c", 2.5))) == R"({"a": {"c": 2.5}, "b": 1})");
}

TEST_CASE("the text of an actor names its id and its node") {
  const auto text = to_string(value{testing::make_member(7)});
  CHECK(text.starts_with("<actor 7@"));
  CHECK(text.ends_with(">"));
  CHECK(text != to_string(value{testing::make_member(7, 2)}));
}

TEST_CASE("every kind has a name") {
  CHECK(to_string(value::kind::null) == "null");
  CHECK(to_string(value::kind::boolean) == "boolean");
  CHECK(to_string(value::kind::integer) == "integer");
  CHECK(to_string(value::kind::real) == "real");
  CHECK(to_string(value::kind::string) == "string");
  CHECK(to_string(value::kind::bytes) == "bytes");
  CHECK(to_string(value::kind::actor) == "actor");
  CHECK(to_string(value::kind::list) == "list");
  CHECK(to_string(value::kind::map) == "map");
}

TEST_CASE("text is quoted as in JSON, and invalid UTF-8 stays visible") {
  CHECK(quoted("") == R"("")");
  CHECK(quoted("a\nb\tc\rd") == R"("a\nb\tc\rd")");
  CHECK(quoted("\\\"") == R"("\\\"")");
  CHECK(quoted(std::string_view{"\0\x1f\x7f", 3}) == R"("\u0000\u001f\u007f")");
  CHECK(quoted("é€😀") == "\"é€😀\"");
  CHECK(quoted("a\xff\xc3") == R"("a\xff\xc3")");
}

TEST_CASE("reals read back exactly and never look like integers") {
  CHECK(spelled(0.0) == "0.0");
  CHECK(spelled(-3.0) == "-3.0");
  CHECK(spelled(0.1) == "0.1");
  CHECK(spelled(1e100) == "1e+100");
  std::mt19937_64 random{testing::seed()};
  for (int i = 0; i < 20'000; ++i) {
    const auto x = std::bit_cast<double>(random());
    if (!std::isfinite(x))
      continue;
    const auto text = spelled(x);
    double back = 0;
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), back);
    if (back != x || parsed.ptr != text.data() + text.size() || text.find_first_of(".e") == std::string::npos) {
      CAPTURE(text);
      FAIL("does not read back");
    }
  }
}

TEST_CASE("only well-formed UTF-8 passes") {
  using internal::find_invalid_utf8;
  for (const auto* good : {"", "plain", "\x7f", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xee\x80\x80",
                           "\xef\xbf\xbf", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf", "aé€😀"}) {
    CAPTURE(good);
    CHECK_FALSE(find_invalid_utf8(good));
  }
  // Stray continuations, overlong forms, surrogates, numbers beyond Unicode, and sequences cut short.
  for (const auto* bad :
       {"\x80", "\xbf", "\xc0\x80", "\xc1\xbf", "\xc3", "\xc3(", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xe2\x82", "\xe2(\x80",
        "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xf0\x9f\x98", "\xff"}) {
    CAPTURE(bad);
    CHECK(find_invalid_utf8(bad) == 0);
    CHECK(find_invalid_utf8("aé" + std::string{bad}) == 3);
  }
}
