#pragma once

#include <algorithm>
#include <chrono>
#include <vector>

namespace registry::bench {

/// Measures the seconds since its construction.
class stopwatch {
public:
  [[nodiscard]] double seconds() const noexcept {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }

private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

/// The value below which a part of the samples lies, from 0 to 1. There is at least one sample.
inline double quantile(std::vector<double> samples, double part) {
  std::sort(samples.begin(), samples.end());
  const auto rank = static_cast<std::size_t>(part * static_cast<double>(samples.size()));
  return samples[std::min(rank, samples.size() - 1)];
}

inline double median(std::vector<double> samples) {
  return quantile(std::move(samples), 0.5);
}

} // namespace registry::bench
