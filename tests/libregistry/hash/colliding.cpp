#include <libregistry/hash/colliding.hpp>

#include <registry/value/value.hpp>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <cstdio>
#include <cstring>

namespace registry::testing {

std::string colliding_text(std::uint64_t number, bool with_seed) {
  std::uint64_t first = 0;
  std::memcpy(&first, XXH3_kSecret, sizeof first);
  if (with_seed)
    first += 0x5265676973747279U + static_cast<std::uint64_t>(value::kind::string);
  std::string out(32, 'x');
  std::memcpy(out.data(), &first, sizeof first);
  char digits[9];
  std::snprintf(digits, sizeof digits, "%08llu", static_cast<unsigned long long>(number));
  std::memcpy(out.data() + 8, digits, 8);
  return out;
}

} // namespace registry::testing
