#pragma once

#include <registry/store/store.hpp>

#include <vector>

namespace registry::testing {

inline store make_store(key_mode mode = key_mode::duplicate) {
  store_options options;
  options.mode = mode;
  return store{options};
}

/// A list of one member.
inline std::vector<member> one(const member& who) {
  return {who};
}

} // namespace registry::testing
