#pragma once

#include <registry/error/error.hpp>

#include <fmt/format.h>
#include <spdlog/common.h>

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace registry::inline v0_2::internal {

/// Writes a line to the logger named `registry`: that of the application if spdlog knows one of this name, otherwise one that
/// writes to the standard error. The sinks are called outside of all locks of the registry, so those of the application may do
/// what they like. Any thread.
void write_log(spdlog::level::level_enum level, std::string line);

/// Whether lines of this level are written: for those that take long to make.
[[nodiscard]] bool is_logged(spdlog::level::level_enum level);

///@{
/// The same with a format of fmt.
template <class... Arguments>
void log_debug(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
  if (is_logged(spdlog::level::debug))
    write_log(spdlog::level::debug, fmt::format(format, std::forward<Arguments>(arguments)...));
}
template <class... Arguments>
void log_info(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
  write_log(spdlog::level::info, fmt::format(format, std::forward<Arguments>(arguments)...));
}
template <class... Arguments>
void log_warning(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
  write_log(spdlog::level::warn, fmt::format(format, std::forward<Arguments>(arguments)...));
}
template <class... Arguments>
void log_error(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
  write_log(spdlog::level::err, fmt::format(format, std::forward<Arguments>(arguments)...));
}
///@}

/// The level of this name, as options have it: trace, debug, info, warn, error or off.
[[nodiscard]] std::optional<spdlog::level::level_enum> log_level_of(std::string_view name);

/// Sets the level of the logger, and has it append to a file instead; what is empty stays as it is. Errors: `invalid_argument` if the
/// file cannot be opened, as the end of a sentence that begins with the option.
result<void> configure_log(const std::string& level, const std::string& file);

} // namespace registry::inline v0_2::internal
