#include <bench/support/memory.hpp>

#include <malloc.h>

namespace registry::bench {

std::size_t memory_in_use() noexcept {
  const auto all = mallinfo2();
  return all.uordblks + all.hblkhd;
}

} // namespace registry::bench
