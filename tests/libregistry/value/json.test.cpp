#include <registry/value/json.hpp>

#include <libregistry/value/bytes.hpp>
#include <support/fake_member.hpp>
#include <support/random_value.hpp>
#include <support/seed.hpp>

#include <support/catch.hpp>

#include <bit>
#include <cmath>
#include <limits>

using namespace registry;
using testing::bytes;

namespace {

std::string json_of(const value& x) {
  auto text = to_json(x);
  return text ? text.value() : to_string(text.error());
}

std::string repeated(std::string_view text, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i)
    all += text;
  return all;
}

void check_reads(std::string_view text, const value& expected) {
  CAPTURE(text);
  auto x = from_json(text);
  REQUIRE(x);
  CAPTURE(to_string(x.value()));
  CHECK(identical(x.value(), expected));
}

void check_refused(std::string_view text, std::size_t position, errc code = errc::malformed) {
  CAPTURE(text);
  auto x = from_json(text);
  REQUIRE_FALSE(x);
  CAPTURE(to_string(x.error()));
  CHECK(x.error() == code);
  CHECK(x.error().position() == position);
}

} // namespace

TEST_CASE("values are written as plain JSON") {
  CHECK(json_of(nullptr) == "null");
  CHECK(json_of(true) == "true");
  CHECK(json_of(1) == "1");
  CHECK(json_of(1.0) == "1.0");
  CHECK(json_of(INT64_MIN) == "-9223372036854775808");
  CHECK(json_of("a\"\n") == R"("a\"\n")");
  CHECK(json_of(list(1, list(), "x")) == R"([1,[],"x"])");
  CHECK(json_of(object("b", object(), "a", nullptr)) == R"({"a":null,"b":{}})");
}

TEST_CASE("integers and reals stay what they are") {
  check_reads("1", 1);
  check_reads("1.0", 1.0);
  check_reads("1e2", 100.0);
  check_reads("-0", 0);
  check_reads("-0.0", 0.0);
  check_reads("9223372036854775807", INT64_MAX);
  check_reads("-9223372036854775808", INT64_MIN);
  check_reads("9007199254740993", (std::int64_t{1} << 53) + 1);
}

TEST_CASE("integers that do not fit are refused and not rounded") {
  check_refused("9223372036854775808", 19);
  check_refused("18446744073709551615", 20);
  check_refused("[123456789012345678901234567890]", 31);
  check_refused("-9223372036854775809", 20);
}

TEST_CASE("reals are rounded to the nearest double, and refused beyond the range") {
  // Halfway cases that a conversion by parts misses.
  check_reads("0.1", 0.1);
  check_reads("9007199254740993.0", 9007199254740992.0);
  check_reads("2.2250738585072011e-308", 2.2250738585072011e-308);
  check_reads("8.988465674311582e307", 8.988465674311582e307);
  check_reads("1.7976931348623157e308", std::numeric_limits<double>::max());
  check_reads("5e-324", std::numeric_limits<double>::denorm_min());
  check_reads("1e-400", 0.0);
  check_reads("0." + repeated("0", 400) + "1", 0.0);
  check_refused("1e309", 5);
  check_refused("[-1e400]", 7);
}

TEST_CASE("every double survives JSON") {
  std::mt19937_64 random{testing::seed()};
  for (int i = 0; i < 10'000; ++i) {
    const auto x = std::bit_cast<double>(random());
    if (!std::isfinite(x))
      continue;
    auto back = from_json(json_of(x));
    if (!back || !identical(back.value(), x)) {
      CAPTURE(json_of(x));
      FAIL("does not read back");
    }
  }
}

TEST_CASE("white space around JSON is accepted, anything else is not") {
  check_reads(" \t\r\n[ 1 , { \"a\" : 2 } ] \n", list(1, object("a", 2)));
  check_refused("", 0);
  check_refused("[1", 2);
  check_refused("[1,]", 3);
  check_refused("1 2", 2);
  check_refused("{\"a\":1,}", 7);
  check_refused("{'a':1}", 1);
  check_refused("[1] // comment", 4);
  check_refused("NaN", 0);
  check_refused("[01]", 2);
  check_refused("\"a\nb\"", 2);
}

TEST_CASE("strings are unescaped and must be UTF-8") {
  check_reads(R"("a\"\\\/\b\f\n\r\t")", "a\"\\/\b\f\n\r\t");
  check_reads(R"("\u00e9\u20ac\ud83d\ude00")", "é€😀");
  check_reads(R"("\u0000")", std::string_view{"\0", 1});
  check_reads("{\"" + repeated("k", 100'000) + "\":1}", object(repeated("k", 100'000), 1));
  check_refused("\"a\xff\"", 2);
  check_refused("{\"\xc3(\":1}", 2);
  CHECK_FALSE(from_json(R"("\ud83d")"));
}

TEST_CASE("invalid UTF-8 cannot be written") {
  CHECK(to_json("a\xff").error() == errc::invalid_argument);
  CHECK(to_json(object("\xff", 1)).error() == errc::invalid_argument);
  CHECK(to_json(list("fine", list("\xc3"))).error() == errc::invalid_argument);
}

TEST_CASE("actors and infinities cannot be written, and the error says which") {
  const auto actor = to_json(list(1, testing::make_member(7)));
  REQUIRE_FALSE(actor);
  CHECK(actor.error() == errc::invalid_argument);
  CHECK(actor.error().message().find("<actor 7@") != std::string_view::npos);
  CHECK(to_json(std::numeric_limits<double>::infinity()).error() == errc::invalid_argument);
}

TEST_CASE("of equal keys in an object the last one wins") {
  check_reads(R"({"a":1,"b":2,"a":3})", object("a", 3, "b", 2));
}

TEST_CASE("bytes are an object with the key $bytes") {
  CHECK(json_of(bytes("\x01\xff")) == R"({"$bytes":"01ff"})");
  CHECK(json_of(bytes("")) == R"({"$bytes":""})");
  check_reads(R"({"$bytes":"00fF"})", bytes(std::string_view{"\0\xff", 2}));
  check_reads(R"([{"$bytes":""}])", list(bytes("")));
  check_refused(R"({"$bytes":"0"})", 13);
  check_refused(R"({"$bytes":"0g"})", 14);
  check_refused(R"({"$bytes":1})", 11);
}

TEST_CASE("a map that looks like bytes is not mistaken for bytes") {
  CHECK(json_of(object("$bytes", "00")) == R"({"$$bytes":"00"})");
  CHECK(json_of(object("$$bytes", 1)) == R"({"$$$bytes":1})");
  for (const auto& x : {object("$bytes", "00"), object("$$bytes", "00"), object("$$$bytes", 1), object("$bytes", 1, "b", 2),
                        object("a$bytes", 1), object("$a$bytes", 1), object("$", 1), object("bytes", "00"),
                        object("$byte", 1), object("$bytes", object("$bytes", bytes("x")))}) {
    CAPTURE(json_of(x));
    check_reads(json_of(x), x);
  }
  check_reads(R"({"$bytes":"00","b":1})", object("$bytes", "00", "b", 1));
}

TEST_CASE("JSON nests as deep as values may leave the process") {
  const auto at_limit = repeated("[", value::max_depth) + repeated("]", value::max_depth);
  auto x = from_json(at_limit);
  REQUIRE(x);
  CHECK(x.value().depth() == value::max_depth);
  CHECK(json_of(x.value()) == at_limit);
  CHECK(to_json(list(x.value())).error() == errc::limit_exceeded);
  check_refused("[" + at_limit + "]", value::max_depth, errc::limit_exceeded);
  CHECK(from_json(repeated("{\"a\":", 100'000)).error() == errc::limit_exceeded);
}

TEST_CASE("every value with a JSON form reads back identical") {
  std::mt19937_64 random{testing::seed()};
  for (int i = 0; i < 3000; ++i) {
    const auto x = testing::random_value(random, {.depth = 4, .json = true});
    const auto text = json_of(x);
    auto back = from_json(text);
    if (!back || !identical(back.value(), x)) {
      CAPTURE(text, to_string(x));
      FAIL("does not read back");
    }
    // The form is unique, too.
    CHECK(json_of(back.value()) == text);
  }
}

TEST_CASE("mutated JSON is parsed or refused without harm") {
  std::mt19937_64 random{testing::seed()};
  std::size_t refused = 0;
  for (int i = 0; i < 3000; ++i) {
    auto text = json_of(testing::random_value(random, {.json = true}));
    for (auto n = testing::random_below(random, 4); n > 0 && !text.empty(); --n) {
      const auto place = testing::random_below(random, text.size());
      if (testing::random_below(random, 2) == 0)
        text[place] = "[]{}\",:.0e-\\u\xff"[testing::random_below(random, 14)];
      else
        text.erase(place, 1 + testing::random_below(random, 5));
    }
    auto x = from_json(text);
    if (x) {
      CHECK(to_json(x.value()));
    } else {
      ++refused;
      CHECK(x.error().position() <= text.size());
    }
  }
  CHECK(refused > 100);
}
