#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>

namespace registry::inline v0_2::internal {

/// Of lines that may come often, those to write: of each subject one a minute, with the number of those that were left out. Any
/// thread; bounded in memory.
class log_limit {
public:
  using clock = std::chrono::steady_clock;

  /// Nothing if a line about this subject is not to be written now; otherwise what to append to it: nothing, or ` (…)` with the
  /// number of lines that were left out since the last.
  [[nodiscard]] std::optional<std::string> admit(const std::string& subject, clock::time_point now = clock::now());

  static constexpr std::chrono::minutes interval{1};
  static constexpr std::size_t max_subjects = 1024;

private:
  struct seen {
    clock::time_point written;
    std::uint64_t left_out = 0;
  };
  std::mutex lock_;
  std::map<std::string, seen> subjects_;
};

} // namespace registry::inline v0_2::internal
