#pragma once

#include <registry/match/internal/condition.hpp>
#include <registry/match/internal/program.hpp>
#include <registry/match/term.hpp>

#include <boost/container/static_vector.hpp>

#include <array>
#include <cstddef>
#include <span>

namespace registry::internal {

/// What a variable stands for: a part of the value that was matched, or the tail of a list in it. Nothing is copied, so it
/// lives as long as that value.
struct binding {
  /// The count of a binding that is one value and no tail.
  static constexpr std::ptrdiff_t whole = -1;

  const value* first;
  std::ptrdiff_t count;
};

/// Matches values with the compiled patterns of one program and binds variables: the state of a run. It remembers where the keys of
/// the patterns lie in the maps that it has seen, and what refused them. Never allocates; recursion is as deep as the pattern. For
/// one thread at a time.
///
/// This is the hottest loop of the registry, and in most searches most values are refused by the same part of a pattern. So `refuses`
/// is inline, and the rest is not.
class matching {
public:
  explicit matching(const program& code) noexcept
      : code_(code), steps_(code.patterns.data()), places_(code.remembered_maps) {}
  matching(const matching&) = delete;
  matching& operator=(const matching&) = delete;
  ~matching() = default;

  [[nodiscard]] const program& code() const noexcept { return code_; }
  /// What the variables are bound to, if all patterns of a clause have matched.
  [[nodiscard]] const binding* bound() const noexcept { return bound_.data(); }

  /// Whether a value certainly does not match, by a quick look at the part that refused the last one. To be asked first: parts do not
  /// depend on each other, except those that compare a variable, which are not asked here.
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

  /// Whether a step needs nothing but itself to tell.
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
  // Not initialised: the compiler has seen to it that nothing unbound is read.
  std::array<binding, max_variable> bound_; // NOLINT(cppcoreguidelines-pro-type-member-init)
};

} // namespace registry::internal
