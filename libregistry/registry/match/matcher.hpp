#pragma once

#include <registry/match/specification.hpp>

#include <concepts>
#include <functional>
#include <optional>
#include <type_traits>
#include <utility>

namespace registry {

/// A condition on a value: a compiled specification or any predicate of C++. Copyable.
class matcher {
public:
  matcher(match_spec spec) : spec_(std::move(spec)) {} // NOLINT(google-explicit-constructor)

  /// Takes a copyable predicate. It is called from the thread that runs the operation, any number of times per entry, so it
  /// should depend on its argument only. An exception that it throws passes through.
  template <class Predicate>
    requires(!std::same_as<std::remove_cvref_t<Predicate>, matcher> &&
             !std::same_as<std::remove_cvref_t<Predicate>, match_spec> && std::predicate<Predicate&, const value&>)
  matcher(Predicate&& predicate) // NOLINT(google-explicit-constructor)
      : spec_(nullptr), predicate_(std::forward<Predicate>(predicate)) {}

  /// Whether the value meets the condition.
  [[nodiscard]] bool operator()(const value& data) const { return predicate_ ? predicate_(data) : spec_.matches(data); }

  /// Tests many values in a row, see `match_run`. The matcher must outlive it.
  class run {
  public:
    explicit run(const matcher& which) : predicate_(which.predicate_) {
      if (!predicate_)
        specified_.emplace(which.spec_);
    }
    [[nodiscard]] bool operator()(const value& data) { return specified_ ? (*specified_)(data) : predicate_(data); }

  private:
    const std::function<bool(const value&)>& predicate_;
    std::optional<match_run> specified_;
  };

private:
  match_spec spec_; ///< unused, and empty, if there is a predicate
  std::function<bool(const value&)> predicate_;
};

} // namespace registry
