#pragma once

#include <registry/match/specification.hpp>

#include <concepts>
#include <functional>
#include <type_traits>
#include <utility>
#include <variant>

namespace registry {

/// A condition on a value: a compiled specification or any predicate of C++. Copyable.
class matcher {
public:
  matcher(match_spec spec) : condition_(std::move(spec)) {} // NOLINT(google-explicit-constructor)

  /// Takes a copyable predicate. It may be called from the thread that runs the operation, any number of times per entry, so it
  /// should depend on its argument only; an exception that it throws passes through.
  template <class Predicate>
  requires(!std::same_as<std::remove_cvref_t<Predicate>, matcher> &&
           !std::same_as<std::remove_cvref_t<Predicate>, match_spec> && std::predicate<Predicate&, const value&>)
      matcher(Predicate&& predicate) // NOLINT(google-explicit-constructor)
      : condition_(std::function<bool(const value&)>(std::forward<Predicate>(predicate))) {}

  /// Whether the value meets the condition.
  [[nodiscard]] bool operator()(const value& data) const {
    if (const auto* spec = std::get_if<match_spec>(&condition_))
      return spec->matches(data);
    return std::get<std::function<bool(const value&)>>(condition_)(data);
  }

private:
  std::variant<match_spec, std::function<bool(const value&)>> condition_;
};

} // namespace registry
