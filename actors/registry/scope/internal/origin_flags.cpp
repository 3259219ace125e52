#include <registry/scope/internal/origin_flags.hpp>

#include <bit>

namespace registry::inline v0_2 {

namespace {

struct place {
  std::size_t block;
  std::size_t size;
  std::size_t index;
};

place place_of(std::uint32_t origin) noexcept {
  const auto number = std::uint64_t{origin} + 1;
  const auto block = static_cast<std::size_t>(std::bit_width(number)) - 1;
  const auto size = std::size_t{1} << block;
  return {block, size, static_cast<std::size_t>(number - size)};
}

} // namespace

origin_flags::~origin_flags() {
  for (auto& x : blocks_)
    delete[] x.load(std::memory_order_relaxed);
}

void origin_flags::set(std::uint32_t origin, bool reachable) {
  const auto [block, size, index] = place_of(origin);
  auto* flags = blocks_[block].load(std::memory_order_relaxed);
  if (flags == nullptr) {
    auto made = std::make_unique<std::atomic<bool>[]>(size);
    for (std::size_t i = 0; i < size; ++i)
      made[i].store(true, std::memory_order_relaxed);
    flags = made.release();
    blocks_[block].store(flags, std::memory_order_release);
  }
  flags[index].store(reachable, std::memory_order_release);
}

bool origin_flags::get(std::uint32_t origin) const noexcept {
  const auto [block, size, index] = place_of(origin);
  const auto* flags = blocks_[block].load(std::memory_order_acquire);
  return flags == nullptr || flags[index].load(std::memory_order_acquire);
}

} // namespace registry::inline v0_2
