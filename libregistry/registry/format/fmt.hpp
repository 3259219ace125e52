#pragma once

#include <registry/entry/event.hpp>
#include <registry/error/error.hpp>
#include <registry/member/incarnation.hpp>
#include <registry/membership/address.hpp>
#include <registry/value/value.hpp>

#include <fmt/format.h>

#include <concepts>
#include <string_view>

/// @file
/// Formatters for fmt and spdlog, of `value`, `entry_id`, `entry`, `event`, `error`, `errc`, `verb`, `reason`,
/// `incarnation`, `node_address` and `member`. They print the text of `to_string` and take the format options of text. The
/// application brings fmt.

namespace registry::inline v0_2::detail {

template <class T>
concept formattable_by_text =
    std::same_as<T, value> || std::same_as<T, entry_id> || std::same_as<T, entry> || std::same_as<T, event> ||
    std::same_as<T, error> || std::same_as<T, errc> || std::same_as<T, verb> || std::same_as<T, reason> ||
    std::same_as<T, incarnation> || std::same_as<T, node_address> || std::same_as<T, member>;

} // namespace registry::inline v0_2::detail

/// @cond
template <registry::detail::formattable_by_text T>
struct fmt::formatter<T> : fmt::formatter<std::string_view> {
  template <class Context>
  auto format(const T& x, Context& context) const {
    return fmt::formatter<std::string_view>::format(std::string_view{to_string(x)}, context);
  }
};
/// @endcond
