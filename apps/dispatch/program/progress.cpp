#include <dispatch/program/progress.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace dispatch {

namespace {

using seconds = std::chrono::duration<double>;

/// The time over which the rate is taken.
constexpr std::chrono::seconds window{10};
constexpr std::chrono::milliseconds pace_on_terminal{100};
constexpr std::chrono::seconds pace_of_lines{5};
/// Draws over the last bar.
constexpr std::string_view to_begin_of_line = "\r\x1b[K";

std::string bar(const tally& now) {
  constexpr std::size_t width = 30;
  const auto full = now.total == 0 ? width : width * now.finished() / now.total;
  return fmt::format("[{}{}]", std::string(full, '#'), std::string(width - full, '.'));
}

std::string as_time(double left) {
  const auto whole = static_cast<std::uint64_t>(std::min(left + 0.5, 359'999.0));
  if (whole >= 3'600)
    return fmt::format("{}:{:02}:{:02}", whole / 3'600, whole / 60 % 60, whole % 60);
  return fmt::format("{}:{:02}", whole / 60, whole % 60);
}

} // namespace

void progress::note(const tally& now, time_point when) {
  seen_.emplace_back(when, now.finished());
  while (seen_.size() > 2 && when - seen_.front().first > window)
    seen_.pop_front();
}

double progress::rate() const {
  const auto took = seconds(seen_.back().first - seen_.front().first).count();
  return took <= 0 ? 0 : static_cast<double>(seen_.back().second - seen_.front().second) / took;
}

std::string progress::line(const tally& now) const {
  const auto speed = rate();
  const auto percent = now.total == 0 ? 100 : 100 * now.finished() / now.total;
  auto out = fmt::format("{}{:3} %  {}/{}", on_terminal_ ? bar(now) + " " : "", percent, now.finished(), now.total);
  if (now.failed > 0)
    out += fmt::format("  {} failed", now.failed);
  out += fmt::format("  {:.0f} jobs/s", speed);
  if (speed > 0 && now.finished() < now.total)
    out += "  ETA " + as_time(static_cast<double>(now.total - now.finished()) / speed);
  return out + fmt::format("  {} workers, {} under way", now.workers, now.under_way);
}

std::optional<std::string> progress::update(const tally& now, time_point when) {
  if (when - last_shown_ < (on_terminal_ ? std::chrono::milliseconds{pace_on_terminal} : pace_of_lines))
    return std::nullopt;
  note(now, when);
  last_shown_ = when;
  return on_terminal_ ? std::string{to_begin_of_line} + line(now) : line(now) + "\n";
}

std::string progress::finish(const tally& last, time_point when) {
  note(last, when);
  auto out = on_terminal_ ? std::string{to_begin_of_line} : std::string{};
  return out + line(last) + "\n";
}

} // namespace dispatch
