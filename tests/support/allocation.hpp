#pragma once

#include <cstddef>

namespace registry::testing {

/// While one lives, the calling thread gets `successes` more allocations from `operator new`, and `std::bad_alloc` after that.
/// Check nothing inside of its scope: the test framework allocates as well. Not nestable.
class scarce_memory {
public:
  explicit scarce_memory(std::size_t successes) noexcept;
  scarce_memory(const scarce_memory&) = delete;
  scarce_memory& operator=(const scarce_memory&) = delete;
  ~scarce_memory();
};

/// What `operator new` has given to the process and not got back: the bytes that `malloc` has for it.
std::size_t allocated_bytes() noexcept;
/// The same with what `malloc` keeps about each block: all that it costs.
std::size_t allocated_memory() noexcept;

} // namespace registry::testing
