#pragma once

#include <registry/value/value.hpp>

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

// The program `cluster_node` and the tests speak to each other in lines of JSON, which both read as values. These read a field of
// a map; without a default they throw `std::invalid_argument` if it is missing or of another kind.

namespace cluster_tests {

[[nodiscard]] inline const registry::value& field(const registry::value& map, std::string_view name) {
  if (const auto* found = map.find(name))
    return *found;
  throw std::invalid_argument("no '" + std::string{name} + "' in " + to_string(map));
}

[[nodiscard]] inline std::int64_t number(const registry::value& map, std::string_view name,
                                         std::optional<std::int64_t> otherwise = {}) {
  if (otherwise && map.find(name) == nullptr)
    return *otherwise;
  if (const auto found = field(map, name).as_integer())
    return *found;
  throw std::invalid_argument("'" + std::string{name} + "' is no integer in " + to_string(map));
}

[[nodiscard]] inline std::string text(const registry::value& map, std::string_view name,
                                      std::optional<std::string> otherwise = {}) {
  if (otherwise && map.find(name) == nullptr)
    return *otherwise;
  if (const auto found = field(map, name).as_string())
    return std::string{*found};
  throw std::invalid_argument("'" + std::string{name} + "' is no text in " + to_string(map));
}

} // namespace cluster_tests
