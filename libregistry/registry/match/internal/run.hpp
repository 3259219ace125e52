#pragma once

#include <registry/match/internal/matching.hpp>
#include <registry/match/matcher.hpp>

#include <functional>
#include <optional>

namespace registry::inline v0_2::internal {

/// Matches many values with one specification, which must outlive it. Faster than separate matches, because it caches the
/// places of the pattern's keys in maps that share their keys. For one thread at a time.
class match_run {
public:
  explicit match_run(const match_spec& spec) noexcept;

  /// As `match_spec::matches`.
  [[nodiscard]] bool operator()(const value& data) noexcept;

private:
  matching state_;
};

/// Tests many values with one matcher, which must outlive it; see `match_run`.
class matcher_run {
public:
  explicit matcher_run(const matcher& which);

  [[nodiscard]] bool operator()(const value& data) { return specified_ ? (*specified_)(data) : predicate_(data); }

private:
  const std::function<bool(const value&)>& predicate_;
  std::optional<match_run> specified_;
};

/// Runs one specification, which must outlive it, over many entries; see `match_run`. For one thread at a time.
class select_run {
public:
  explicit select_run(const select_spec& spec) noexcept;

  /// As `select_spec::run`.
  [[nodiscard]] std::optional<value> operator()(const value& key, const member& who, const value& data);
  /// As `select_spec::holds`.
  [[nodiscard]] bool holds(const value& key, const member& who, const value& data) noexcept;

private:
  matching state_;
};

} // namespace registry::inline v0_2::internal
