#include <registry/hash/secret.hpp>
#include <registry/node/internal/hash_secret.hpp>

#include <sys/random.h>

#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <cstdlib>

namespace registry::inline v0_2 {

namespace {

constinit bool drawn = false;

bool fill(std::byte* to, std::size_t size) noexcept {
  while (size > 0) {
    const auto got = ::getrandom(to, size, 0);
    if (got < 0 && errno != EINTR)
      return false;
    if (got > 0) {
      to += got;
      size -= static_cast<std::size_t>(got);
    }
  }
  return true;
}

/// Before the constructors of static objects, whose values may be hashed.
[[gnu::constructor(101)]] void draw() noexcept {
  hash_secret secret{};
  drawn = fill(reinterpret_cast<std::byte*>(secret.words.data()), sizeof secret.words) && set_hash_secret(secret);
}

} // namespace

void require_hash_secret() noexcept {
  if (drawn)
    return;
  std::fputs("registry: the system provided no random numbers when the program was loaded, and without them anybody could "
             "slow down its tables with colliding keys: the process ends; check that getrandom(2) works\n",
             stderr);
  std::abort();
}

} // namespace registry::inline v0_2
