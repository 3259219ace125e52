#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace chat::demo {

/// Different ports of 127.0.0.1 on which nobody listens right now.
std::vector<std::uint16_t> free_ports(std::size_t count);

} // namespace chat::demo
