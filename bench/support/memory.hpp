#pragma once

#include <cstddef>

namespace registry::bench {

/// The bytes that the allocator has given to this process and not got back, with what it needs to manage them; all threads'.
std::size_t memory_in_use() noexcept;
/// The same once it does not change any more: what was still to be freed or handed on is.
std::size_t memory_at_rest();

} // namespace registry::bench
