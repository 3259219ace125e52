#pragma once

#include <registry/entry/event.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace registry {

/// What has been committed and not yet drained: the events, and the members that have got their first entry or lost their
/// last (they have to be monitored, or no longer). Bounded: the writer asks `full` first and drains when there is no room; nothing is dropped.
/// Not thread-safe: it belongs to the writer of the scope.
class commit_log {
public:
  /// What `take` hands over.
  struct batch {
    std::vector<event_ptr> events;
    std::vector<member> touched;
    [[nodiscard]] bool empty() const noexcept { return events.empty() && touched.empty(); }
  };

  /// `capacity` bounds the events and, separately, the touched members. One operation on many members or keys may exceed
  /// it by its own size.
  explicit commit_log(std::size_t capacity) : capacity_(capacity) {}

  [[nodiscard]] bool full() const noexcept {
    return pending_.events.size() >= capacity_ || pending_.touched.size() >= capacity_;
  }
  [[nodiscard]] bool empty() const noexcept { return pending_.empty(); }
  [[nodiscard]] bool has_events() const noexcept { return !pending_.events.empty(); }
  /// The number of the last commit; 0 before the first.
  [[nodiscard]] std::uint64_t last_commit() const noexcept { return last_commit_; }

  /// Whether events are kept for someone. Commits are numbered in any case; when nobody observes they cost no memory.
  void observe(bool on) noexcept { observed_ = on; }
  [[nodiscard]] bool observed() const noexcept { return observed_; }

  /// Gives the change the next commit number.
  void append(verb what, reason why, const value& key, std::vector<event_entry> entries);
  /// Notes that this member has got its first entry, or lost its last.
  void touch(const member& who);
  /// Hands over all that is pending.
  batch take();

private:
  std::size_t capacity_;
  std::uint64_t last_commit_ = 0;
  bool observed_ = false;
  batch pending_;
};

} // namespace registry
