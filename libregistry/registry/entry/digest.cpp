#include <registry/entry/digest.hpp>

#define XXH_INLINE_ALL // the inputs are so short that a function call would dominate
#include <xxhash.h>

#include <array>

namespace registry::inline v0_2 {

namespace {

XXH128_hash_t fingerprint(std::uint64_t number, const value& key, const member& who, const value& data) noexcept {
  const std::array<std::uint64_t, 4> parts{number, key.stable_hash(), hash_member(who), data.stable_hash()};
  return XXH3_128bits(parts.data(), sizeof parts);
}

} // namespace

void content_digest::add(std::uint64_t number, const value& key, const member& who, const value& data) noexcept {
  const auto one = fingerprint(number, key, who, data);
  ++count;
  high += one.high64;
  low += one.low64;
}

void content_digest::remove(std::uint64_t number, const value& key, const member& who, const value& data) noexcept {
  const auto one = fingerprint(number, key, who, data);
  --count;
  high -= one.high64;
  low -= one.low64;
}

} // namespace registry::inline v0_2
