#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace registry::internal {

/// The place of the first byte that is no UTF-8 (overlong forms and surrogates are none), or nothing. O(n).
std::optional<std::size_t> find_invalid_utf8(std::string_view text) noexcept;

/// Appends text in double quotes with JSON's escapes; a byte that is no UTF-8 becomes `\xff`, which JSON does not know.
void append_quoted(std::string& out, std::string_view text);

/// Appends the shortest text that reads back as the same double and not as an integer: `1.0`, `1e+100`, `inf`.
void append_real(std::string& out, double x);

} // namespace registry::internal
