#include <registry/link/internal/owned_socket.hpp>

#include <unistd.h>

namespace registry::inline v0_2 {

owned_socket& owned_socket::operator=(owned_socket&& other) noexcept {
  if (this != &other) {
    close();
    descriptor_ = other.release();
  }
  return *this;
}

void owned_socket::close() noexcept {
  if (descriptor_ >= 0)
    ::close(release());
}

} // namespace registry::inline v0_2
