#pragma once

#include <registry/hash/secret.hpp>

#include <compare>
#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <string>

namespace registry {

/// The identity of one run of one process: 128 random bits, chosen when the node starts and never used again. All zero means
/// "none".
struct incarnation {
  std::uint64_t high = 0;
  std::uint64_t low = 0;

  /// Whether it names somebody.
  explicit operator bool() const noexcept { return (high | low) != 0; }
  friend auto operator<=>(const incarnation&, const incarnation&) = default;
};

/// For containers keyed by incarnation. Keyed with the secret of this process: the bits of an honest node are random, but a
/// node chooses its own.
struct incarnation_hash {
  std::size_t operator()(const incarnation& x) const noexcept { return number_hash{}(x.high ^ number_hash{}(x.low)); }
};

/// 32 hexadecimal digits.
std::string to_string(const incarnation& x);
std::ostream& operator<<(std::ostream& out, const incarnation& x);

} // namespace registry
