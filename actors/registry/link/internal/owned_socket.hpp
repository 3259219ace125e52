#pragma once

#include <utility>

namespace registry::inline v0_2 {

/// A socket that is closed unless it is taken over. Move-only; not thread-safe.
class owned_socket {
public:
  owned_socket() noexcept = default;
  /// Takes over an open descriptor.
  explicit owned_socket(int descriptor) noexcept : descriptor_(descriptor) {}
  owned_socket(owned_socket&& other) noexcept : descriptor_(other.release()) {}
  owned_socket& operator=(owned_socket&& other) noexcept;
  /// Closes.
  ~owned_socket() { close(); }

  [[nodiscard]] int descriptor() const noexcept { return descriptor_; }
  explicit operator bool() const noexcept { return descriptor_ >= 0; }
  /// Hands the descriptor over: the caller closes it. -1 if there is none.
  [[nodiscard]] int release() noexcept { return std::exchange(descriptor_, -1); }
  /// Closes at once. Without effect if there is none.
  void close() noexcept;

private:
  int descriptor_ = -1;
};

} // namespace registry::inline v0_2
