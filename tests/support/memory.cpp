#include <support/memory.hpp>
#include <support/waiting.hpp>

#include <malloc.h>

namespace registry::testing {

std::size_t memory_in_use() noexcept {
  const auto all = mallinfo2();
  return all.uordblks + all.hblkhd;
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
