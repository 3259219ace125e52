#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace registry::inline v0_2::internal {

/// Appends two lower-case hexadecimal digits per byte.
void append_hex(std::string& out, std::span<const std::byte> bytes);
/// Appends the 16 lower-case hexadecimal digits of a number.
void append_hex(std::string& out, std::uint64_t number);

/// The same as a text of its own.
template <class T>
[[nodiscard]] std::string hex(const T& x) {
  std::string out;
  append_hex(out, x);
  return out;
}

} // namespace registry::inline v0_2::internal
