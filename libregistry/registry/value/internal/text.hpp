#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace registry::inline v0_2::internal {

/// The position of the first byte that is not valid UTF-8 (neither are overlong forms and surrogates), or nothing. O(n).
std::optional<std::size_t> find_invalid_utf8(std::string_view text) noexcept;

/// Appends text in double quotes with JSON's escapes; an invalid UTF-8 byte becomes `\xff`, which is not JSON.
void append_quoted(std::string& out, std::string_view text);

/// Appends the shortest text that reads back as the same double and not as an integer: `1.0`, `1e+100`, `inf`.
void append_real(std::string& out, double x);

} // namespace registry::inline v0_2::internal
