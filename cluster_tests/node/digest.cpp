#include <node/digest.hpp>

#include <registry/internal/hex.hpp>
#include <registry/value/codec.hpp>

#include <xxhash.h>

#include <cstdint>
#include <map>
#include <vector>

namespace cluster_tests {

using namespace registry;

value digest_of(const registry::scope& scope, const incarnation& self) {
  std::map<std::uint32_t, incarnation> owners{{0, self}};
  const auto owner = [&](const entry& x) {
    const auto [found, added] = owners.try_emplace(x.origin);
    if (added)
      found->second = scope.owner(x).value_or(incarnation{});
    return found->second;
  };
  XXH128_hash_t sum{0, 0};
  std::int64_t count = 0;
  scope.snapshot().for_each([&](const value& key, const group& entries) {
    for (const auto& x : entries) {
      std::vector<std::byte> bytes;
      handle_table handles;
      byte_writer out{bytes, handles};
      const auto owning = owner(x);
      out.u64(owning.high);
      out.u64(owning.low);
      out.varint(x.number);
      static_cast<void>(out.put(key));
      static_cast<void>(out.put(x.data));
      const auto hash = XXH3_128bits(bytes.data(), bytes.size());
      sum.high64 += hash.high64;
      sum.low64 += hash.low64;
      ++count;
    }
  });
  return object("count", count, "digest",
                internal::hex(std::uint64_t{sum.high64}) + internal::hex(std::uint64_t{sum.low64}));
}

} // namespace cluster_tests
