#pragma once

#include <registry/value/value.hpp>

#include <cstdint>

namespace registry {

/// One entry as its member sees it.
struct holding {
  value key;
  /// `entry::position` of that entry.
  std::uint64_t position = 0;
};

} // namespace registry
