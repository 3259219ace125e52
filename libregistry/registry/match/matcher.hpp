#pragma once

#include <registry/match/specification.hpp>

#include <concepts>
#include <functional>
#include <optional>
#include <type_traits>
#include <utility>

namespace registry::inline v0_2 {

namespace internal {
class matcher_run;
} // namespace internal

/// A condition on a value: a compiled specification or any C++ predicate. Copyable.
class matcher {
public:
  /// The condition of a compiled specification. Never throws; any thread.
  matcher(match_spec spec) : spec_(std::move(spec)) {} // NOLINT(google-explicit-constructor)

  /// A copyable predicate. The thread that runs the operation calls it, without a lock and any number of times per entry, so
  /// its result should depend on the argument only. Its exceptions pass through.
  template <class Predicate>
    requires(!std::same_as<std::remove_cvref_t<Predicate>, matcher> &&
             !std::same_as<std::remove_cvref_t<Predicate>, match_spec> && std::predicate<Predicate&, const value&>)
  matcher(Predicate&& predicate) // NOLINT(google-explicit-constructor)
      : spec_(nullptr), predicate_(std::forward<Predicate>(predicate)) {}

  /// Whether the value meets the condition.
  [[nodiscard]] bool operator()(const value& data) const { return predicate_ ? predicate_(data) : spec_.matches(data); }

private:
  friend class internal::matcher_run;

  match_spec spec_; ///< unused, and empty, if there is a predicate
  std::function<bool(const value&)> predicate_;
};

} // namespace registry::inline v0_2
