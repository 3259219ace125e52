#pragma once

#include <registry/match/internal/condition.hpp>
#include <registry/match/internal/program.hpp>
#include <registry/match/term.hpp>

#include <boost/container/static_vector.hpp>

#include <array>
#include <cstddef>
#include <span>

namespace registry::inline v0_2::internal {

/// The value of a variable: a part of the matched value, or the tail of a list in it. Nothing is copied, so it lives as long
/// as the matched value.
struct binding {
  /// The count of a binding that is one value rather than a tail.
  static constexpr std::ptrdiff_t whole = -1;

  const value* first;
  std::ptrdiff_t count;
};

/// Matches values with the compiled patterns of one program and binds variables: the state of a run. It caches the places of
/// the patterns' keys in the maps it has seen, and the parts that rejected them. Never allocates; recursion is as deep as
/// the pattern. For one thread at a time.
///
/// This is the hottest loop of the registry, and in most searches the same part of a pattern rejects most values. So
/// `refuses` is inline, and the rest is not.
class matching {
public:
  explicit matching(const program& code) noexcept
      : code_(code), steps_(code.patterns.data()), places_(code.remembered_maps) {}
  matching(const matching&) = delete;
  matching& operator=(const matching&) = delete;
  ~matching() = default;

  [[nodiscard]] const program& code() const noexcept { return code_; }
  /// The values of the variables, if all patterns of a clause have matched.
  [[nodiscard]] const binding* bound() const noexcept { return bound_.data(); }

  /// Whether a value certainly does not match, by a quick test of the part that rejected the last one. To be called first:
  /// parts do not depend on each other, except those that compare a variable, which are not tested here.
  [[nodiscard]] bool refuses(std::uint32_t step, const value& x) const noexcept {
    const auto& map = steps_[step];
    if (map.places == most_remembered_maps || x.type() != value::kind::map)
      return false;
    const auto pairs = x.as_map();
    const auto& places = places_[map.places];
    return places.are_for(pairs) && places.decisive() != nullptr &&
           !decide(*places.decisive(), pairs.mapped()[places.decisive_place()]);
  }

  [[nodiscard]] bool match(std::uint32_t step, const value& x) noexcept { return match(steps_[step], x); }

private:
  using elements = std::span<const value>;

  /// Whether a step can be decided by itself.
  static bool is_decisive(const pattern_step& step) noexcept {
    return step.what == pattern_step::kind::literal || step.what == pattern_step::kind::bind_if;
  }
  static bool decide(const pattern_step& step, const value& x) noexcept {
    if (step.what == pattern_step::kind::literal)
      return identical(step.literal, x);
    return compare(step.condition, step.accepts, x, step.literal);
  }

  [[nodiscard]] bool match(const pattern_step& step, const value& x) noexcept {
    using kind = pattern_step::kind;
    if (step.what == kind::literal)
      return identical(step.literal, x);
    if (step.what == kind::bind)
      bound_[step.slot] = {&x, binding::whole};
    return step.what == kind::bind || step.what == kind::any || match_other(step, x);
  }
  [[nodiscard]] bool match_map(const pattern_step& step, const map_view& pairs) noexcept;
  [[nodiscard]] bool match_by_places(const pattern_step& step, const map_view& pairs, key_places& places) noexcept;
  [[nodiscard]] bool match_other(const pattern_step& step, const value& x) noexcept;
  [[nodiscard]] bool match_elements(const pattern_step& step, elements xs) noexcept;
  [[nodiscard]] bool match_tail(const pattern_step& step, elements tail) noexcept;
  [[nodiscard]] bool match_by_walking(const pattern_step& step, const map_view& pairs) noexcept;
  [[nodiscard]] bool match_by_search(const pattern_step& step, const map_view& pairs) noexcept;

  const program& code_;
  const pattern_step* steps_;
  boost::container::static_vector<key_places, most_remembered_maps> places_;
  // Not initialised: the compiler ensures that nothing unbound is read.
  std::array<binding, max_variable> bound_; // NOLINT(cppcoreguidelines-pro-type-member-init)
};

} // namespace registry::inline v0_2::internal
