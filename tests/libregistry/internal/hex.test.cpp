#include <registry/internal/hex.hpp>

#include <support/catch.hpp>

#include <array>

using namespace registry::internal;

TEST_CASE("bytes are written as two lower-case hexadecimal digits each") {
  constexpr std::array bytes{std::byte{0x00}, std::byte{0x0f}, std::byte{0xa5}, std::byte{0xff}};
  CHECK(hex(std::span<const std::byte>{bytes}) == "000fa5ff");
  CHECK(hex(std::span<const std::byte>{}).empty());
}

TEST_CASE("a number is written as 16 hexadecimal digits, the highest first") {
  std::string out = "x";
  append_hex(out, 0x0123456789abcdefU);
  append_hex(out, 1);
  CHECK(out == "x0123456789abcdef0000000000000001");
}
