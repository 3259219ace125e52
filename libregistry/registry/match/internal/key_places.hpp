#pragma once

#include <registry/value/internal/key_list.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace registry::internal {

struct pattern_step;

/// How many maps of one specification have places of their own; further ones do without.
inline constexpr std::uint8_t most_remembered_maps = 4;

/// Where the keys of one map pattern lie in one list of keys: the inline cache of the engines that have hidden classes. Most maps
/// that a run meets share one list, and in those no key has to be compared.
class key_places {
public:
  /// Patterns with more keys do without.
  static constexpr std::uint32_t most_keys = 8;

  /// Whether the places are those in the list of keys of this map. The list is held, so no other one can have its address.
  [[nodiscard]] bool are_for(const map_view& map) const noexcept { return list_.data() == map.keys().data(); }
  /// How many of the pattern's keys are in the list.
  [[nodiscard]] std::uint32_t count() const noexcept { return count_; }
  /// Where the i-th key of the pattern is, if all are in the list.
  [[nodiscard]] std::uint32_t operator[](std::uint32_t i) const noexcept { return places_[i]; }

  /// The part that refused a map the last time, if it can be asked before the others, and the place of its key.
  [[nodiscard]] const pattern_step* decisive() const noexcept { return decisive_; }
  [[nodiscard]] std::uint32_t decisive_place() const noexcept { return decisive_place_; }
  /// The i-th part has refused a map, and should be asked first from now on.
  void expect_refusal(const pattern_step& part, std::uint32_t i) noexcept {
    decisive_ = &part;
    decisive_place_ = places_[i];
  }

  /// Whether it is worthwhile to find the places for this map: if its list comes the second time in a row.
  [[nodiscard]] bool should_learn(const map_view& map) noexcept {
    return std::exchange(last_, map.keys().data()) == map.keys().data();
  }
  /// Finds the places of `count` parts of a pattern, sorted by key, at most `most_keys`.
  void learn(const map_view& map, const pattern_step* parts, std::uint32_t count) noexcept;

private:
  key_list list_; // none at first, as if of the empty map: no key is in there
  const pattern_step* decisive_ = nullptr;
  std::uint32_t decisive_place_ = 0;
  std::uint32_t count_ = 0;
  const value* last_ = nullptr; // for comparisons only
  // Not initialised: only as many as `count_` says are read.
  std::array<std::uint32_t, most_keys> places_; // NOLINT(cppcoreguidelines-pro-type-member-init)
};

} // namespace registry::internal
