#pragma once

#include <registry/value/value.hpp>

#include <cstddef>
#include <random>
#include <span>
#include <string>

namespace registry::testing {

/// Bounds of `random_value`.
struct value_shape {
  /// The greatest depth of lists and maps; 0 gives scalars only.
  std::size_t depth = 3;
  /// The greatest number of elements of a list or map.
  std::size_t width = 4;
  /// The actors to choose from; none gives no actors.
  std::span<const member> actors = {};
  /// Only values that JSON can express: no infinities, and no strings that are not UTF-8. (Give no actors.)
  bool json = false;
};

/// A value of any kind. Half of the choices come from a small pool, so that two values are often equal, neighbours in the
/// order, or numbers of different kinds. Deterministic in the generator.
value random_value(std::mt19937_64& random, const value_shape& shape = {});

/// A string of 0 to 24 bytes: both sides of the limit below which strings are stored inline.
std::string random_text(std::mt19937_64& random, bool utf8);

/// A number from 0 to bound - 1.
std::size_t random_below(std::mt19937_64& random, std::size_t bound);

} // namespace registry::testing
