#include <registry/member/member.hpp>

#include <functional>

namespace registry {

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
  // Actor ids are small and consecutive: spread them (the finaliser of splitmix64) before the trie cuts bits out.
  std::uint64_t x = std::hash<caf::node_id>{}(who->node()) + 0x9e3779b97f4a7c15U * (who->id() + 1);
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9U;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebU;
  return x ^ (x >> 31);
}

} // namespace registry
