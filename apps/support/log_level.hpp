#pragma once

#include <spdlog/common.h>

#include <optional>
#include <string>
#include <string_view>

namespace support {

/// `trace`, `debug`, `info`, `warn`, `error` or `off`.
[[nodiscard]] std::optional<spdlog::level::level_enum> parse_log_level(std::string_view name);

/// The end of an error about another word, with the level that was probably meant.
[[nodiscard]] std::string not_a_log_level(std::string_view name);

} // namespace support
