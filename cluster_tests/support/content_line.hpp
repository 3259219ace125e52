#pragma once

#include <registry/internal/hex.hpp>
#include <registry/value/value.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace cluster_tests {

/// What is to be the same of an entry on every node: its key, its owner, the how manieth entry of this owner it is under the key, its
/// actor, and the hash of its value.
[[nodiscard]] inline std::string content_line(const registry::value& key, std::string_view owner, std::size_t place,
                                              std::int64_t actor, std::uint64_t hash) {
  return to_string(key) + " of " + std::string{owner} + ", " + std::to_string(place) + ": actor " + std::to_string(actor) +
         ", value " + registry::internal::hex(hash);
}

} // namespace cluster_tests
