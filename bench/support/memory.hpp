#pragma once

#include <cstddef>

namespace registry::bench {

/// The bytes that the allocator has given to this process and not got back, with what it needs to manage them; all threads'.
std::size_t memory_in_use() noexcept;

} // namespace registry::bench
