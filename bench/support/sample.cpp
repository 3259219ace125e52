#include <bench/support/sample.hpp>

#include <cstdint>
#include <random>
#include <string>

namespace registry::bench {

value sample_key(std::size_t i) {
  return "key:" + std::to_string(i);
}

value sample_value(std::size_t i) {
  return object("role", "worker", "shard", static_cast<std::int64_t>(i % 1000));
}

std::vector<value> sample_keys(std::size_t count) {
  std::vector<value> out;
  out.reserve(count);
  for (std::size_t i = 0; i < count; ++i)
    out.push_back(sample_key(i));
  return out;
}

random_keys::random_keys(std::size_t count) {
  std::mt19937_64 random{123};
  std::uniform_int_distribution<std::size_t> which{0, count - 1};
  keys_.reserve(size);
  for (std::size_t i = 0; i < size; ++i)
    keys_.push_back(sample_key(which(random)));
}

} // namespace registry::bench
