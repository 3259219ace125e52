#pragma once

#include <cstddef>

namespace registry::testing {

/// Bytes that the allocator has handed out to this process, all threads together, with the allocator's own overhead.
std::size_t memory_in_use() noexcept;
/// The same after it has stopped changing, and so without the memory of work under way. Waits for at most five seconds.
std::size_t memory_at_rest();

} // namespace registry::testing
