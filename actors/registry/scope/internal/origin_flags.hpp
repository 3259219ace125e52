#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace registry::inline v0_2 {

/// One bit per origin: whether its owner is reachable. One writer at a time; readers on any thread, wait-free.
///
/// Origins are small numbers that only grow. Block `b` holds 2^b of them, so published bits never move.
class origin_flags {
public:
  origin_flags() = default;
  origin_flags(const origin_flags&) = delete;
  origin_flags& operator=(const origin_flags&) = delete;
  ~origin_flags();

  void set(std::uint32_t origin, bool reachable);
  /// True for an origin that was never set.
  [[nodiscard]] bool get(std::uint32_t origin) const noexcept;

private:
  static constexpr std::size_t block_count = 33;

  std::array<std::atomic<std::atomic<bool>*>, block_count> blocks_{};
};

} // namespace registry::inline v0_2
