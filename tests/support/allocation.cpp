// Replaces the global allocation functions of the binary it is linked into.

#include <support/allocation.hpp>

#include <malloc.h>

#include <atomic>
#include <cstdlib>
#include <limits>
#include <new>

namespace registry::testing {
namespace {

constexpr auto unlimited = std::numeric_limits<std::size_t>::max();
constinit thread_local std::size_t successes_left = unlimited;
constinit std::atomic<std::size_t> allocated{0};
constinit std::atomic<std::size_t> blocks{0};

void* allocate(std::size_t size) {
  if (successes_left == 0)
    throw std::bad_alloc();
  if (successes_left != unlimited)
    --successes_left;
  auto* memory = std::malloc(size);
  if (!memory)
    throw std::bad_alloc();
  allocated.fetch_add(malloc_usable_size(memory), std::memory_order_relaxed);
  blocks.fetch_add(1, std::memory_order_relaxed);
  return memory;
}

void deallocate(void* memory) noexcept {
  if (memory) {
    allocated.fetch_sub(malloc_usable_size(memory), std::memory_order_relaxed);
    blocks.fetch_sub(1, std::memory_order_relaxed);
  }
  std::free(memory);
}

} // namespace

scarce_memory::scarce_memory(std::size_t successes) noexcept {
  successes_left = successes;
}

scarce_memory::~scarce_memory() {
  successes_left = unlimited;
}

std::size_t allocated_bytes() noexcept {
  return allocated.load(std::memory_order_relaxed);
}

std::size_t allocated_memory() noexcept {
  constexpr std::size_t head = 8; // of a block of glibc
  return allocated_bytes() + head * blocks.load(std::memory_order_relaxed);
}

} // namespace registry::testing

namespace {

void* allocate_or_null(std::size_t size) noexcept {
  try {
    return registry::testing::allocate(size);
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
}

} // namespace

// All of the functions for ordinary alignment, because the address sanitizer expects to meet either all of its own or none.
void* operator new(std::size_t size) {
  return registry::testing::allocate(size);
}
void* operator new[](std::size_t size) {
  return registry::testing::allocate(size);
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  return allocate_or_null(size);
}
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept {
  return allocate_or_null(size);
}
void operator delete(void* memory) noexcept {
  registry::testing::deallocate(memory);
}
void operator delete[](void* memory) noexcept {
  registry::testing::deallocate(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  registry::testing::deallocate(memory);
}
void operator delete[](void* memory, std::size_t) noexcept {
  registry::testing::deallocate(memory);
}
void operator delete(void* memory, const std::nothrow_t&) noexcept {
  registry::testing::deallocate(memory);
}
void operator delete[](void* memory, const std::nothrow_t&) noexcept {
  registry::testing::deallocate(memory);
}
