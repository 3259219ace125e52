#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <utility>

namespace dispatch {

/// The progress of a submission in numbers.
struct tally {
  std::size_t total = 0;
  std::size_t succeeded = 0;
  /// With any other result.
  std::size_t failed = 0;
  std::uint64_t workers = 0;
  std::uint64_t under_way = 0;

  [[nodiscard]] std::size_t finished() const noexcept { return succeeded + failed; }
};

/// Says how far a submission is: as a bar that is drawn again in place, for a terminal, or as a line now and then. It has no
/// clock of its own; the times it is given never decrease.
class progress {
public:
  using time_point = std::chrono::steady_clock::time_point;

  progress(bool on_terminal, time_point start) : on_terminal_(on_terminal), last_shown_(start), seen_{{start, 0}} {}

  /// The text to write now; nothing if it is too early to write again.
  std::optional<std::string> update(const tally& now, time_point when);
  /// The text to write at the end.
  std::string finish(const tally& last, time_point when);

private:
  [[nodiscard]] std::string line(const tally& now) const;
  void note(const tally& now, time_point when);
  /// Jobs a second, lately.
  [[nodiscard]] double rate() const;

  bool on_terminal_;
  time_point last_shown_;
  /// When so many had been finished.
  std::deque<std::pair<time_point, std::size_t>> seen_;
};

} // namespace dispatch
