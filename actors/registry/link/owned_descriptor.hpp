#pragma once

#include <utility>

namespace registry::inline v0_2 {

/// An open file descriptor, or none, that is closed unless somebody takes it over. Move-only; not thread-safe.
class owned_descriptor {
public:
  owned_descriptor() noexcept = default;
  /// Takes over an open descriptor.
  explicit owned_descriptor(int descriptor) noexcept : descriptor_(descriptor) {}
  ///@{
  /// Takes over the other one's descriptor; the present one is closed.
  owned_descriptor(owned_descriptor&& other) noexcept : descriptor_(other.release()) {}
  owned_descriptor& operator=(owned_descriptor&& other) noexcept;
  ///@}
  /// Closes.
  ~owned_descriptor() { close(); }

  /// The descriptor; -1 if there is none.
  [[nodiscard]] int descriptor() const noexcept { return descriptor_; }
  /// Whether there is one.
  explicit operator bool() const noexcept { return descriptor_ >= 0; }
  /// Hands the descriptor over: the caller closes it. -1 if there is none.
  [[nodiscard]] int release() noexcept { return std::exchange(descriptor_, -1); }
  /// Closes at once. Without effect if there is none.
  void close() noexcept;

private:
  int descriptor_ = -1;
};

} // namespace registry::inline v0_2
