#pragma once

#include <registry/store/store.hpp>

#include <support/catch.hpp>

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace registry::testing {

/// The content of an owner, by number.
struct owned {
  value key;
  member who;
  value data;
};
using remote_content = std::map<std::uint64_t, owned>;

inline std::vector<remote_group> groups_of(const remote_content& all) {
  std::map<std::string, std::vector<remote_group>> by_key;
  for (const auto& [number, x] : all)
    by_key[to_string(x.key)].push_back({x.key, {{number, x.who, x.data}}});
  std::vector<remote_group> out;
  for (auto& [key, parts] : by_key)
    out.insert(out.end(), parts.begin(), parts.end());
  return out;
}

inline remote_content held_of(store& s, std::uint32_t origin) {
  remote_content out;
  s.snapshot().entries.for_each([&](const value& key, const group& entries) {
    for (const auto& one : entries) {
      if (one.origin == origin)
        out[one.number] = {key, one.who, one.data};
    }
  });
  return out;
}

inline bool same(const remote_content& a, const remote_content& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& x, const auto& y) {
    return x.first == y.first && identical(x.second.key, y.second.key) && same_member(x.second.who, y.second.who) &&
           identical(x.second.data, y.second.data);
  });
}

inline void fold(remote_content& into, const event_ptr& x) {
  for (const auto& one : x->entries) {
    if (x->what == verb::leave)
      REQUIRE(into.erase(one.id.number) == 1);
    else
      into[one.id.number] = {x->key, one.who, one.data};
  }
}

inline void install(store& s, std::uint32_t origin, const std::vector<remote_group>& all) {
  content_digest digest;
  for (const auto& x : all) {
    for (const auto& one : x.entries)
      digest.add(one.number, x.key, one.who, one.data);
  }
  s.install(origin, all, digest);
}

inline content_digest digest_of(const remote_content& all) {
  content_digest out;
  for (const auto& [number, x] : all)
    out.add(number, x.key, x.who, x.data);
  return out;
}

} // namespace registry::testing
