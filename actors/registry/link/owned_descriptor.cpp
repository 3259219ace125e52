#include <registry/link/owned_descriptor.hpp>

#include <unistd.h>

namespace registry::inline v0_2 {

owned_descriptor& owned_descriptor::operator=(owned_descriptor&& other) noexcept {
  if (this != &other) {
    close();
    descriptor_ = other.release();
  }
  return *this;
}

void owned_descriptor::close() noexcept {
  if (descriptor_ >= 0)
    ::close(release());
}

} // namespace registry::inline v0_2
