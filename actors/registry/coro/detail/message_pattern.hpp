#pragma once

#include <caf/message.hpp>

#include <cstddef>
#include <optional>
#include <tuple>
#include <utility>
#include <variant>

namespace registry::inline v0_2::detail {

/// How a type reads a message: one element of the type. `accepts` first, then `take`.
template <class T>
struct message_pattern {
  static bool accepts(const caf::message& x) noexcept { return x.match_elements<T>(); }
  static T take(caf::message& x) { return std::move(x.get_mutable_as<T>(0)); }
};

/// A tuple reads a message of as many elements.
template <class... Ts>
struct message_pattern<std::tuple<Ts...>> {
  static bool accepts(const caf::message& x) noexcept { return x.match_elements<Ts...>(); }
  static std::tuple<Ts...> take(caf::message& x) {
    return [&]<std::size_t... Is>(std::index_sequence<Is...>) {
      return std::tuple<Ts...>{std::move(x.get_mutable_as<Ts>(Is))...};
    }(std::index_sequence_for<Ts...>{});
  }
};

template <>
struct message_pattern<std::tuple<>> {
  static bool accepts(const caf::message& x) noexcept { return x.empty(); }
  static std::tuple<> take(caf::message&) noexcept { return {}; }
};

/// A message reads all.
template <>
struct message_pattern<caf::message> {
  static bool accepts(const caf::message&) noexcept { return true; }
  static caf::message take(caf::message& x) noexcept { return std::move(x); }
};

template <class... Ts>
bool accepts_one_of(const caf::message& x) noexcept {
  return (message_pattern<Ts>::accepts(x) || ...);
}

/// Several types read a message as the first of them that accepts it, which is one of them.
template <class First, class... Rest>
std::variant<First, Rest...> take_one_of(caf::message& x) {
  using variant = std::variant<First, Rest...>;
  std::optional<variant> out;
  [&]<std::size_t... Is>(std::index_sequence<Is...>) {
    using types = std::tuple<First, Rest...>;
    const auto tried = [&]<std::size_t I>(std::integral_constant<std::size_t, I>) {
      using pattern = message_pattern<std::tuple_element_t<I, types>>;
      if (!pattern::accepts(x))
        return false;
      out.emplace(std::in_place_index<I>, pattern::take(x));
      return true;
    };
    (tried(std::integral_constant<std::size_t, Is>{}) || ...);
  }(std::index_sequence_for<First, Rest...>{});
  return *std::move(out);
}

} // namespace registry::inline v0_2::detail
