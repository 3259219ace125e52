#include <registry/internal/hex.hpp>
#include <registry/value/internal/text.hpp>

#include <array>
#include <charconv>
#include <cstdint>

namespace registry::inline v0_2::internal {

namespace {

// The length of the UTF-8 sequence at the front, 0 if there is none. The ranges are table 3-7 of the Unicode standard.
std::size_t utf8_sequence(std::string_view text) noexcept {
  const auto at = [text](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
  const auto within = [](unsigned x, unsigned low, unsigned high) { return low <= x && x <= high; };
  const auto lead = at(0);
  if (lead < 0x80)
    return 1;
  if (within(lead, 0xc2, 0xdf))
    return within(at(1), 0x80, 0xbf) ? 2 : 0;
  if (within(lead, 0xe0, 0xef)) {
    const auto low = lead == 0xe0 ? 0xa0U : 0x80U;
    const auto high = lead == 0xed ? 0x9fU : 0xbfU;
    return within(at(1), low, high) && within(at(2), 0x80, 0xbf) ? 3 : 0;
  }
  if (within(lead, 0xf0, 0xf4)) {
    const auto low = lead == 0xf0 ? 0x90U : 0x80U;
    const auto high = lead == 0xf4 ? 0x8fU : 0xbfU;
    return within(at(1), low, high) && within(at(2), 0x80, 0xbf) && within(at(3), 0x80, 0xbf) ? 4 : 0;
  }
  return 0;
}

void append_escaped(std::string& out, std::string_view prefix, unsigned char x) {
  out += prefix;
  append_hex(out, std::as_bytes(std::span{&x, 1}));
}

void append_ascii(std::string& out, char c) {
  switch (c) {
  case '"':
  case '\\':
    out += '\\';
    out += c;
    break;
  case '\n':
    out += "\\n";
    break;
  case '\r':
    out += "\\r";
    break;
  case '\t':
    out += "\\t";
    break;
  default:
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
      append_escaped(out, "\\u00", static_cast<unsigned char>(c));
    else
      out += c;
  }
}

} // namespace

std::optional<std::size_t> find_invalid_utf8(std::string_view text) noexcept {
  for (std::size_t i = 0; i < text.size();) {
    const auto length = utf8_sequence(text.substr(i));
    if (length == 0)
      return i;
    i += length;
  }
  return std::nullopt;
}

void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  while (!text.empty()) {
    auto length = utf8_sequence(text);
    if (length == 1)
      append_ascii(out, text.front());
    else if (length > 1)
      out += text.substr(0, length);
    else
      append_escaped(out, "\\x", static_cast<unsigned char>(text.front()));
    text.remove_prefix(length == 0 ? 1 : length);
  }
  out += '"';
}

void append_real(std::string& out, double x) {
  std::array<char, 32> digits; // the longest is -2.2250738585072014e-308
  const auto end = std::to_chars(digits.begin(), digits.end(), x).ptr;
  const std::string_view text{digits.data(), static_cast<std::size_t>(end - digits.data())};
  out += text;
  if (text.find_first_not_of("-0123456789") == std::string_view::npos)
    out += ".0";
}

} // namespace registry::inline v0_2::internal
