#pragma once

#include <registry/value/internal/key_list.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace registry::inline v0_2::internal {

struct pattern_step;

/// The maximum number of maps in one specification whose places are cached.
inline constexpr std::uint8_t most_remembered_maps = 4;

/// The places of one map pattern's keys in one list of keys: the inline cache of engines that have hidden classes. Most maps
/// in a run share one list, and no key has to be compared in those.
class key_places {
public:
  /// Patterns with more keys are not cached.
  static constexpr std::uint32_t most_keys = 8;

  /// Whether the cached places belong to the list of keys of this map. The list is held, so no other one can have its
  /// address.
  [[nodiscard]] bool are_for(const map_view& map) const noexcept { return list_.data() == map.keys().data(); }
  /// The number of the pattern's keys that are in the list.
  [[nodiscard]] std::uint32_t count() const noexcept { return count_; }
  /// The place of the pattern's i-th key, if all are in the list.
  [[nodiscard]] std::uint32_t operator[](std::uint32_t i) const noexcept { return places_[i]; }

  /// The part that rejected the last map, if it can be tried before the others, and the place of its key.
  [[nodiscard]] const pattern_step* decisive() const noexcept { return decisive_; }
  [[nodiscard]] std::uint32_t decisive_place() const noexcept { return decisive_place_; }
  /// Notes that the i-th part has rejected a map, and should be tried first from now on.
  void expect_refusal(const pattern_step& part, std::uint32_t i) noexcept {
    decisive_ = &part;
    decisive_place_ = places_[i];
  }

  /// Whether finding the places for this map is worthwhile: its list occurs the second time in a row.
  [[nodiscard]] bool should_learn(const map_view& map) noexcept {
    return std::exchange(last_, map.keys().data()) == map.keys().data();
  }
  /// Finds the places of `count` parts of a pattern, sorted by key, at most `most_keys`.
  void learn(const map_view& map, const pattern_step* parts, std::uint32_t count) noexcept;

private:
  key_list list_; // empty at first, like that of the empty map: it contains no key
  const pattern_step* decisive_ = nullptr;
  std::uint32_t decisive_place_ = 0;
  std::uint32_t count_ = 0;
  const value* last_ = nullptr; // only compared
  // Not initialised: at most `count_` elements are read.
  std::array<std::uint32_t, most_keys> places_; // NOLINT(cppcoreguidelines-pro-type-member-init)
};

} // namespace registry::inline v0_2::internal
