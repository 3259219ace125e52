#pragma once

#include <registry/value/value.hpp>

#include <cstddef>
#include <vector>

namespace registry::bench {

// The data of all benchmarks, as in the peers' scripts.

/// `"key:<i>"`.
value sample_key(std::size_t i);
/// `{"role": "worker", "shard": i mod 1000}`.
value sample_value(std::size_t i);
/// The first `count` keys.
std::vector<value> sample_keys(std::size_t count);

/// 65,536 random keys of the first `count`, the same in every run, in a circle.
class random_keys {
public:
  explicit random_keys(std::size_t count);
  const value& next() noexcept { return keys_[turn_++ % size]; }

private:
  static constexpr std::size_t size = 65'536;
  std::vector<value> keys_;
  std::size_t turn_ = 0;
};

} // namespace registry::bench
