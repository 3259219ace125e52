#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace dispatch {

/// Says that a submission waits for workers, once for each time that there have been none for a second. It has no clock of its own;
/// the times it is given never decrease.
class shortage {
public:
  using time_point = std::chrono::steady_clock::time_point;

  /// `patience` is how long the submission waits.
  shortage(std::string queue, std::chrono::milliseconds patience, time_point start);

  /// The text for the user now that there are this many workers.
  std::optional<std::string> update(std::uint64_t workers, time_point when);

private:
  std::string queue_;
  std::chrono::milliseconds patience_;
  time_point since_;
  bool told_ = false;
};

} // namespace dispatch
