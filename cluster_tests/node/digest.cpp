#include <node/digest.hpp>

#include <registry/value/codec.hpp>

#include <xxhash.h>

#include <cstdio>
#include <map>
#include <vector>

namespace cluster_tests {

using namespace registry;

value digest_of(const scope& where, const incarnation& self) {
  std::map<std::uint32_t, incarnation> owners{{0, self}};
  const auto owner = [&](const entry& x) {
    const auto [place, added] = owners.try_emplace(x.origin);
    if (added)
      place->second = where.owner(x).value_or(incarnation{});
    return place->second;
  };
  XXH128_hash_t sum{0, 0};
  std::int64_t count = 0;
  where.snapshot().for_each([&](const value& key, const group& entries) {
    for (const auto& x : entries) {
      std::vector<std::byte> bytes;
      handle_table handles;
      byte_writer out{bytes, handles};
      const auto who = owner(x);
      out.u64(who.high);
      out.u64(who.low);
      out.varint(x.number);
      static_cast<void>(out.put(key));
      static_cast<void>(out.put(x.data));
      const auto hash = XXH3_128bits(bytes.data(), bytes.size());
      sum.high64 += hash.high64;
      sum.low64 += hash.low64;
      ++count;
    }
  });
  char text[33];
  std::snprintf(text, sizeof text, "%016llx%016llx", static_cast<unsigned long long>(sum.high64),
                static_cast<unsigned long long>(sum.low64));
  return object("count", count, "digest", text);
}

} // namespace cluster_tests
