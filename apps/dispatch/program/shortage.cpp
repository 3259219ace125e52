#include <dispatch/program/shortage.hpp>

#include <fmt/chrono.h>

#include <utility>

namespace dispatch {

namespace {

constexpr std::chrono::seconds first_notice{1};

} // namespace

shortage::shortage(std::string queue, std::chrono::milliseconds patience, time_point start)
    : queue_(std::move(queue)), patience_(patience), since_(start) {}

std::optional<std::string> shortage::update(std::uint64_t workers, time_point when) {
  if (workers > 0) {
    since_ = when;
    told_ = false;
  }
  if (told_ || when - since_ < first_notice)
    return std::nullopt;
  told_ = true;
  return fmt::format("waiting for a worker of the queue '{}', for {} at most (--wait)", queue_,
                     std::chrono::duration<double>(patience_));
}

} // namespace dispatch
