#pragma once

#include <registry/value/value.hpp>

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

// The program `cluster_node` and its users exchange lines of JSON, which both read as values. These functions read a field
// of a map. Without a default they throw `std::invalid_argument` if it is missing; of another kind it is always wrong.

namespace cluster_tests {

[[nodiscard]] inline const registry::value& field(const registry::value& map, std::string_view name) {
  if (const auto* found = map.find(name))
    return *found;
  throw std::invalid_argument("the field '" + std::string{name} + "' is missing in " + to_string(map));
}

[[nodiscard]] inline std::int64_t number(const registry::value& map, std::string_view name,
                                         std::optional<std::int64_t> otherwise = {}) {
  if (otherwise && map.find(name) == nullptr)
    return *otherwise;
  if (const auto found = field(map, name).as_integer())
    return *found;
  throw std::invalid_argument("the field '" + std::string{name} + "' is no integer in " + to_string(map));
}

[[nodiscard]] inline std::string text(const registry::value& map, std::string_view name,
                                      std::optional<std::string> otherwise = {}) {
  if (otherwise && map.find(name) == nullptr)
    return *otherwise;
  if (const auto found = field(map, name).as_string())
    return std::string{*found};
  throw std::invalid_argument("the field '" + std::string{name} + "' is no string in " + to_string(map));
}

} // namespace cluster_tests
