#pragma once

#include <atomic>
#include <cstdint>
#include <utility>

namespace forms {

/// An object that knows whether it was constructed, and how many of its kind are alive.
class canary {
public:
  canary() noexcept { ++living_; }
  canary(const canary& other) noexcept : canary() { other.check(); }
  canary& operator=(const canary& other) noexcept {
    check();
    other.check();
    return *this;
  }
  ~canary() {
    check();
    magic_ = 0;
    place_ = nullptr;
    --living_;
  }

  [[nodiscard]] bool intact() const noexcept { return magic_ == magic && place_ == this; }
  [[nodiscard]] static int living() noexcept { return living_; }
  /// How many were used, or destroyed, that were none.
  [[nodiscard]] static int broken() noexcept { return broken_; }

private:
  static constexpr std::uint64_t magic = 0x1122334455667788;

  void check() const noexcept {
    if (!intact())
      ++broken_;
  }

  static inline std::atomic<int> living_ = 0;
  static inline std::atomic<int> broken_ = 0;
  // The optimiser must not drop what the destructor writes.
  volatile std::uint64_t magic_ = magic;
  const canary* volatile place_ = this;
};

/// An owner as applications write them: two adjacent pointers, one of them to a count.
class counted_pair {
public:
  counted_pair(const canary* object, int* uses) noexcept : object_(object), uses_(uses) { ++*uses_; }
  counted_pair(const counted_pair& other) noexcept : counted_pair(other.object_, other.uses_) {}
  counted_pair(counted_pair&& other) noexcept
      : object_(std::exchange(other.object_, nullptr)), uses_(std::exchange(other.uses_, nullptr)) {}
  counted_pair& operator=(counted_pair other) noexcept {
    std::swap(object_, other.object_);
    std::swap(uses_, other.uses_);
    return *this;
  }
  ~counted_pair() {
    if (uses_ != nullptr)
      --*uses_;
  }

  [[nodiscard]] bool intact() const noexcept { return object_ != nullptr && object_->intact() && *uses_ > 0; }

private:
  const canary* object_;
  int* uses_;
};

} // namespace forms
