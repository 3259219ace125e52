#pragma once

#include <registry/hash/secret.hpp>

#include <compare>
#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <string>

namespace registry::inline v0_2 {

/// The identity of one run of one process: 128 random bits, chosen when the node starts and never used again. All zero means
/// "none".
struct incarnation {
  std::uint64_t high = 0; ///< the upper 64 bits
  std::uint64_t low = 0;  ///< the lower 64 bits

  /// False for "none".
  explicit operator bool() const noexcept { return (high | low) != 0; }
  /// An order without meaning, for sorted containers.
  friend auto operator<=>(const incarnation&, const incarnation&) = default;
};

/// The hash for containers keyed by incarnation. It depends on the secret of this process: the bits of an honest node are
/// random, but each node chooses its own.
struct incarnation_hash {
  /// Wait-free; any thread.
  std::size_t operator()(const incarnation& x) const noexcept { return number_hash{}(x.high ^ number_hash{}(x.low)); }
};

///@{
/// 32 hexadecimal digits.
std::string to_string(const incarnation& x);
std::ostream& operator<<(std::ostream& out, const incarnation& x);
///@}

} // namespace registry::inline v0_2
