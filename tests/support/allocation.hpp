#pragma once

#include <cstddef>

namespace registry::testing {

/// During its lifetime the calling thread gets `successes` more allocations from `operator new`, and then `std::bad_alloc`.
/// Check nothing in its scope, because the test framework allocates as well. Not nestable.
class scarce_memory {
public:
  explicit scarce_memory(std::size_t successes) noexcept;
  scarce_memory(const scarce_memory&) = delete;
  scarce_memory& operator=(const scarce_memory&) = delete;
  ~scarce_memory();
};

/// The bytes of all live blocks of `operator new`, in `malloc`'s sizes.
std::size_t allocated_bytes() noexcept;
/// The same with `malloc`'s own header of each block.
std::size_t allocated_memory() noexcept;

} // namespace registry::testing
