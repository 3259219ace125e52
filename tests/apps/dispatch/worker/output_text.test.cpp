#include <dispatch/worker/output_text.hpp>

#include <registry/value/json.hpp>
#include <registry/value/value.hpp>

#include <support/catch.hpp>
#include <support/seed.hpp>

#include <random>
#include <string>
#include <string_view>

namespace dispatch {

TEST_CASE("text stays as it is", "[dispatch][output]") {
  for (const auto* const text : {"", "hello\n", "z\xc3\xbcrich \xe2\x82\xac \xf0\x9f\x90\x8c", "C:\\temp \\xff"}) {
    const auto out = to_text(text);
    CHECK(out.text == text);
    CHECK_FALSE(out.escaped);
  }
  CHECK(to_text(std::string_view{"a\0b", 3}).text == std::string_view{"a\0b", 3});
}

TEST_CASE("odd bytes are escaped, and the text around them stays", "[dispatch][output]") {
  CHECK(to_text("bad \xff thing").text == "bad \\xff thing");
  CHECK(to_text("\xff").escaped);
  CHECK(to_text("caf\xe9 au lait").text == "caf\\xe9 au lait");
  CHECK(to_text("\xe2\x82").text == "\\xe2\\x82");
  CHECK(to_text("\xe2\x82z\xc3\xbc").text == "\\xe2\\x82z\xc3\xbc");
  CHECK(to_text("\xc0\xaf").text == "\\xc0\\xaf");          // a slash in more bytes than it needs
  CHECK(to_text("\xed\xa0\x80").text == "\\xed\\xa0\\x80"); // half a surrogate pair
  CHECK(to_text("\xf4\x90\x80\x80").text == "\\xf4\\x90\\x80\\x80");
}

TEST_CASE("a character that was cut is left out, and nothing else", "[dispatch][output]") {
  CHECK(without_cut_character("ab\xe2\x82") == "ab");
  CHECK(without_cut_character("ab\xe2") == "ab");
  CHECK(without_cut_character("ab\xf0\x9f\x90") == "ab");
  CHECK(without_cut_character("ab\xe2\x82\xac") == "ab\xe2\x82\xac");
  CHECK(without_cut_character("ab\xff") == "ab\xff");
  CHECK(without_cut_character("ab\x82\x82") == "ab\x82\x82");
  CHECK(without_cut_character("ab\xed\xa0") == "ab\xed\xa0");
  CHECK(without_cut_character("") == "");
  CHECK(without_cut_character("\xc3") == "");
}

TEST_CASE("any bytes become text that JSON can express", "[dispatch][output]") {
  std::mt19937_64 random{registry::testing::seed()};
  for (int i = 0; i < 2'000; ++i) {
    std::string bytes;
    for (auto length = random() % 12; length > 0; --length)
      bytes += static_cast<char>(random() % 4 == 0 ? random() % 256 : 0x80 + random() % 128);
    const auto out = to_text(bytes);
    INFO("bytes " << registry::to_string(registry::value{bytes}));
    CHECK(registry::to_json(registry::value{out.text}));
    CHECK(out.escaped == !registry::to_json(registry::value{bytes}));
  }
}

} // namespace dispatch
