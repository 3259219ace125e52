#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace registry::inline v0_2 {
namespace internal {

/// An object and how to free it; without a function it is memory that owns nothing.
struct retired_object {
  void* object;
  void (*free)(void*) noexcept;
};

/// A piece of a list of retired objects; one kilobyte.
struct retired_block {
  retired_block* next = nullptr;
  /// The epoch that ended after the last of the objects was retired.
  std::uint64_t epoch = 0;
  std::size_t count = 0;
  /// In the first block of a list: whether bulk work has left these objects behind.
  bool of_bulk_work = false;
  std::array<retired_object, 62> objects;
};

/// Frees a list of blocks and the objects in them, in the order of retirement.
void free_blocks(retired_block* first) noexcept;

} // namespace internal

/// Memory that no reader can reach any more. The destructor frees it, which may run destructors of actors and take time
/// linear in the number of objects: destroy it outside of any lock. Any thread.
class garbage {
public:
  /// Nothing to free.
  garbage() noexcept = default;
  /// Takes a list of retired objects over; `table::collect` makes these.
  explicit garbage(internal::retired_block* first) noexcept : first_(first) {}
  ///@{
  /// Moves the memory; the target frees its own first content at once.
  garbage(garbage&& other) noexcept : first_(std::exchange(other.first_, nullptr)) {}
  garbage& operator=(garbage&& other) noexcept {
    garbage(std::move(other)).swap(*this);
    return *this;
  }
  ///@}
  ~garbage() {
    if (first_)
      internal::free_blocks(first_);
  }

  /// Whether there is nothing to free.
  [[nodiscard]] bool empty() const noexcept { return !first_; }
  /// Exchanges the memory of two.
  void swap(garbage& other) noexcept { std::swap(first_, other.first_); }

private:
  internal::retired_block* first_ = nullptr;
};

} // namespace registry::inline v0_2
