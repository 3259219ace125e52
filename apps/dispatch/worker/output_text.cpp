#include <dispatch/worker/output_text.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <iterator>

namespace dispatch {

namespace {

unsigned byte_at(std::string_view bytes, std::size_t place) {
  return static_cast<unsigned char>(bytes[place]);
}

/// The length of the character that this byte begins; 0 if it begins none.
std::size_t announced_length(unsigned first) {
  if (first < 0x80)
    return 1;
  if (first >= 0xc2 && first < 0xe0)
    return 2;
  if (first >= 0xe0 && first < 0xf0)
    return 3;
  return first >= 0xf0 && first < 0xf5 ? 4 : 0;
}

/// Whether a byte may be the second one: no longer form than needed, no surrogates, nothing beyond U+10FFFF.
bool may_follow(unsigned first, unsigned second) {
  const auto least = first == 0xe0 ? 0xa0U : first == 0xf0 ? 0x90U : 0x80U;
  const auto most = first == 0xed ? 0x9fU : first == 0xf4 ? 0x8fU : 0xbfU;
  return second >= least && second <= most;
}

/// The number of bytes at the beginning that could be a character, or the beginning of one.
std::size_t plausible_length(std::string_view bytes) {
  const auto first = byte_at(bytes, 0);
  const auto most = std::min(announced_length(first), bytes.size());
  std::size_t length = std::min<std::size_t>(most, 1);
  while (length < most && (length == 1 ? may_follow(first, byte_at(bytes, 1)) : may_follow(0, byte_at(bytes, length))))
    ++length;
  return length;
}

} // namespace

output_text to_text(std::string_view bytes) {
  output_text out;
  out.text.reserve(bytes.size());
  while (!bytes.empty()) {
    const auto length = plausible_length(bytes);
    const bool is_character = length > 0 && length == announced_length(byte_at(bytes, 0));
    if (is_character) {
      out.text += bytes.substr(0, length);
    } else {
      fmt::format_to(std::back_inserter(out.text), "\\x{:02x}", byte_at(bytes, 0));
      out.escaped = true;
    }
    bytes.remove_prefix(is_character ? length : 1);
  }
  return out;
}

std::string_view without_cut_character(std::string_view bytes) {
  for (std::size_t length = 1; length <= std::min<std::size_t>(bytes.size(), 3); ++length) {
    const auto last = bytes.substr(bytes.size() - length);
    if (plausible_length(last) == length && announced_length(byte_at(last, 0)) > length)
      return bytes.substr(0, bytes.size() - length);
  }
  return bytes;
}

} // namespace dispatch
