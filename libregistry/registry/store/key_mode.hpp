#pragma once

#include <cstdint>
#include <string_view>

namespace registry {

/// How many live members of one node may hold a key.
enum class key_mode : std::uint8_t { duplicate, unique };

std::string_view to_string(key_mode x) noexcept;

} // namespace registry
