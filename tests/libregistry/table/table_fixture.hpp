#pragma once

#include <registry/table/group.hpp>

#include <cstdint>
#include <utility>
#include <vector>

namespace registry::testing {

inline entry make_entry(std::uint64_t position, const member& who = {}, value data = {}) {
  return {who, std::move(data), position, position, 0};
}

inline std::vector<std::uint64_t> positions(const group& g) {
  std::vector<std::uint64_t> result;
  for (auto& x : g)
    result.push_back(x.position);
  return result;
}

} // namespace registry::testing
