#include <support/log_level.hpp>

#include <registry/node/nearest_word.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace support {

namespace {

const std::vector<std::string>& names() {
  static const std::vector<std::string> all{"trace", "debug", "info", "warn", "error", "off"};
  return all;
}

} // namespace

std::optional<spdlog::level::level_enum> parse_log_level(std::string_view name) {
  if (std::ranges::find(names(), name) == names().end())
    return std::nullopt;
  return spdlog::level::from_str(std::string{name});
}

std::string not_a_log_level(std::string_view name) {
  const auto near = registry::did_you_mean(registry::nearest_word(name, names()));
  return fmt::format("must be trace, debug, info, warn, error or off, not '{}'{}", name, near);
}

} // namespace support
