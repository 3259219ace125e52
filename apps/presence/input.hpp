#pragma once

#include <registry/link/owned_descriptor.hpp>

#include <array>
#include <streambuf>

namespace presence {

/// The standard input, which another thread can end while one waits for a line.
class input : public std::streambuf {
public:
  /// Throws `std::system_error` if there are no file descriptors left.
  input();
  input(const input&) = delete;
  input& operator=(const input&) = delete;

  /// From now on the input is at its end. Any thread.
  void end() noexcept;

protected:
  int_type underflow() override;

private:
  registry::owned_descriptor ended_;
  std::array<char, 4096> buffer_{};
};

} // namespace presence
