#include <registry/hash/detail/splitmix64.hpp>
#include <registry/hash/secret.hpp>
#include <registry/member/member.hpp>

#define XXH_INLINE_ALL // the inputs are so short that a function call would dominate
#include <xxhash.h>

#include <array>
#include <cstring>
#include <functional>

namespace registry::inline v0_2 {

namespace {

/// CAF 0.17's hash of a node omits the byte that distinguishes several actor systems of one process, so their actors with
/// equal ids would all collide.
template <class Node, class Hash>
std::uint64_t hash_node(const Node& where, Hash hash) noexcept {
  if constexpr (requires { static_cast<const typename Node::default_data&>(*where).host_id(); }) {
    if (where && where->implementation_id() == Node::default_data::class_id) {
      const auto& identity = static_cast<const typename Node::default_data&>(*where);
      return hash(identity.host_id(), identity.process_id());
    }
  }
  return std::hash<Node>{}(where);
}

template <class Host>
std::uint64_t stable_hash_of(const Host& host, std::uint32_t process) noexcept {
  return XXH3_64bits_withSeed(host.data(), host.size(), process);
}

template <class Host>
std::uint64_t keyed_hash_of(const Host& host, std::uint32_t process) noexcept {
  std::array<unsigned char, std::tuple_size_v<Host> + sizeof process> both;
  std::memcpy(both.data(), host.data(), host.size());
  std::memcpy(both.data() + host.size(), &process, sizeof process);
  return XXH3_64bits_withSecret(both.data(), both.size(), internal::secret().words.data(), internal::secret_bytes_of_xxh3);
}

/// Actor ids are small and consecutive: spread them before the trie cuts bits out.
std::uint64_t spread(std::uint64_t node, std::uint64_t id) noexcept {
  return detail::splitmix64_mix(node + detail::splitmix64_step * (id + 1));
}

} // namespace

std::strong_ordering compare_members(const member& a, const member& b) noexcept {
  if (a.get() == b.get())
    return std::strong_ordering::equal;
  if (!a || !b)
    return static_cast<bool>(a) <=> static_cast<bool>(b);
  if (auto nodes = a->node().compare(b->node()); nodes != 0)
    return nodes <=> 0;
  return a->id() <=> b->id();
}

std::uint64_t hash_member(const member& who) noexcept {
  if (!who)
    return 0;
  const auto hash = [](const auto& host, std::uint32_t process) { return stable_hash_of(host, process); };
  return spread(hash_node(who->node(), hash), who->id());
}

std::uint64_t keyed_hash(const member& who) noexcept {
  if (!who)
    return 0;
  const auto hash = [](const auto& host, std::uint32_t process) { return keyed_hash_of(host, process); };
  return spread(hash_node(who->node(), hash) + internal::secret().words[internal::secret_of_members], who->id());
}

} // namespace registry::inline v0_2
