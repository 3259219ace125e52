#pragma once

#include <registry/value/value.hpp>

#include <cstddef>
#include <random>
#include <span>
#include <string>

namespace registry::testing {

/// What `random_value` may make.
struct value_shape {
  /// How deep lists and maps nest at most; 0 gives scalars only.
  std::size_t depth = 3;
  /// How many elements a list or map has at most.
  std::size_t width = 4;
  /// The actors to choose from; none gives no actors.
  std::span<const member> actors = {};
  /// Only what JSON can express: no infinities and no strings that are no UTF-8. (Give no actors.)
  bool json = false;
};

/// A value of any kind. The choices come from a small pool as often as not, so that two values are equal, neighbours in the
/// order or numbers of different kinds with good probability. Deterministic in the generator.
value random_value(std::mt19937_64& random, const value_shape& shape = {});

/// A string of 0 to 24 bytes: both sides of the limit below which strings are stored inline.
std::string random_text(std::mt19937_64& random, bool utf8);

/// A number from 0 to bound - 1.
std::size_t random_below(std::mt19937_64& random, std::size_t bound);

} // namespace registry::testing
