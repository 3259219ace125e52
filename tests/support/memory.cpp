#include <support/memory.hpp>
#include <support/waiting.hpp>

#include <malloc.h>

// The sanitizers have an allocator of their own, of which malloc's figures know nothing. GCC installs no header of it.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
extern "C" std::size_t __sanitizer_get_current_allocated_bytes();
#endif

namespace registry::testing {

std::size_t memory_in_use() noexcept {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  return __sanitizer_get_current_allocated_bytes();
#else
  const auto all = mallinfo2();
  return all.uordblks + all.hblkhd;
#endif
}

std::size_t memory_at_rest() {
  constexpr std::chrono::milliseconds interval{100};
  constexpr int patience = 50;
  auto last = memory_in_use();
  for (int i = 0; i < patience; ++i) {
    outlast(interval);
    if (last == memory_in_use())
      break;
    last = memory_in_use();
  }
  return last;
}

} // namespace registry::testing
