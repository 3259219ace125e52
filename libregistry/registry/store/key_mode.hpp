#pragma once

#include <cstdint>
#include <string_view>

namespace registry::inline v0_2 {

/// The number of live members of one node that may hold a key.
enum class key_mode : std::uint8_t {
  duplicate, ///< any number, each any number of times
  unique,    ///< one per node; in a cluster each node may have its own
};

/// `"duplicate"` or `"unique"`, as in `scope_options::from_value`.
std::string_view to_string(key_mode x) noexcept;

} // namespace registry::inline v0_2
