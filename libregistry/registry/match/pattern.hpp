#pragma once

#include <registry/match/term.hpp>
#include <registry/value/value.hpp>

#include <concepts>
#include <cstddef>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace registry::inline v0_2 {

namespace internal {
struct pattern_node;
struct node_access;
} // namespace internal

///@{
/// The bounds of patterns and expressions: nesting and number of parts. A deeper or larger one is refused with
/// `errc::limit_exceeded` when it is compiled.
inline constexpr std::size_t max_match_depth = 256;
inline constexpr std::size_t max_match_size = 16'384;
///@}

/// A value with holes. Immutable; a copy costs one reference count; safe to share between threads.
///
/// | built from | matches |
/// | --- | --- |
/// | `any` | everything |
/// | `var<n>` | everything, and binds variable n; all occurrences of n must be strictly equal |
/// | a value, or anything that converts to one | a strictly equal value (1 is not 1.0) |
/// | `pattern::list`, `list_like` | a list whose elements match one by one, of this length or with a tail |
/// | `pattern::map`, `object_like` | a map that has at least these keys, with values that match |
///
/// Mind the difference between `object("role", "primary")`, a value, which as a pattern matches only a map with this one
/// pair, and `object_like("role", "primary")`, which ignores further pairs.
///
/// A pattern that makes no sense (a variable number out of range, a key twice) can be built, but not compiled.
///
/// The notation follows the match specifications of Erlang's ETS and Elixir's `Registry`.
class pattern {
public:
  ///@{
  /// Matches everything: `any`.
  pattern();
  pattern(any_t); // NOLINT(google-explicit-constructor)
  ///@}
  /// Matches everything and binds a variable.
  pattern(variable hole); // NOLINT(google-explicit-constructor)
  /// Matches a strictly equal value.
  pattern(value literal); // NOLINT(google-explicit-constructor)
  /// A literal. Throws as the constructor of `value` does.
  template <class T>
    requires(!std::same_as<std::remove_cvref_t<T>, pattern> && !std::same_as<std::remove_cvref_t<T>, value> &&
             std::convertible_to<T, value>)
  pattern(T&& literal) // NOLINT(google-explicit-constructor)
      : pattern(value(std::forward<T>(literal))) {}

  /// A list of exactly these elements.
  static pattern list(std::vector<pattern> elements);
  /// A list that begins with these elements; `tail`, which must be `any` or a variable, matches the list of the remaining
  /// ones, which may be empty.
  static pattern list(std::vector<pattern> elements, pattern tail);
  /// A map with at least these keys.
  static pattern map(std::vector<std::pair<std::string, pattern>> pairs);

  /// Whether two patterns are built alike.
  friend bool identical(const pattern& a, const pattern& b) noexcept;

private:
  friend struct internal::node_access;
  explicit pattern(std::shared_ptr<const internal::pattern_node> node) noexcept;

  std::shared_ptr<const internal::pattern_node> node_;
};

/// The pattern as text that `parse_pattern` reads back. A strict literal with a map in it has an equals sign in front:
/// `={"role": "primary"}`. Literal actors cannot be read back.
std::string to_string(const pattern& p);

/// A list pattern of these elements: `list_like("room", var<1>, any)`.
template <class... Ts>
  requires(std::convertible_to<Ts, pattern> && ...)
pattern list_like(Ts&&... elements) {
  std::vector<pattern> parts;
  parts.reserve(sizeof...(Ts));
  (parts.push_back(pattern(std::forward<Ts>(elements))), ...);
  return pattern::list(std::move(parts));
}

namespace internal {

template <class Part>
void append_pairs(std::vector<std::pair<std::string, Part>>&) {}

template <class Part, class T, class... Rest>
void append_pairs(std::vector<std::pair<std::string, Part>>& pairs, std::string key, T&& part, Rest&&... rest) {
  pairs.emplace_back(std::move(key), Part(std::forward<T>(part)));
  append_pairs(pairs, std::forward<Rest>(rest)...);
}

} // namespace internal

/// A map pattern of alternating keys and patterns: `object_like("role", "primary", "shard", var<1>)`.
template <class... Ts>
  requires(sizeof...(Ts) % 2 == 0)
pattern object_like(Ts&&... keys_and_patterns) {
  std::vector<std::pair<std::string, pattern>> pairs;
  pairs.reserve(sizeof...(Ts) / 2);
  internal::append_pairs(pairs, std::forward<Ts>(keys_and_patterns)...);
  return pattern::map(std::move(pairs));
}

} // namespace registry::inline v0_2
