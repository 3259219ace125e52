#pragma once

#include <registry/entry/event.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace registry {

/// What has been committed and not yet drained: the events, and the members that have got their first entry or lost their
/// last (they have to be monitored, or no longer). Bounded: the writer asks `full` first and drains when there is no room;
/// nothing is dropped. Changes that nobody wants an event of are numbered only.
/// Not thread-safe: it belongs to the writer of the scope.
class commit_log {
public:
  /// What `take` hands over.
  struct batch {
    std::vector<event_ptr> events;
    std::vector<member> touched;
    /// The last commit before those of the batch, and the last one of it.
    std::uint64_t previous = 0;
    std::uint64_t last = 0;
    /// Whether there is an event of every change that was made here.
    bool complete = true;
    /// Of the events.
    std::size_t bytes = 0;
    [[nodiscard]] bool empty() const noexcept { return events.empty() && touched.empty(); }
  };

  /// The most that may be pending, by `event::bytes`.
  static constexpr std::size_t max_bytes = std::size_t{64} << 20;
  /// `capacity` bounds the events and, separately, the touched members. One operation on many members or keys may exceed
  /// it by its own size.
  explicit commit_log(std::size_t capacity) : capacity_(capacity) {}

  [[nodiscard]] bool full() const noexcept {
    return pending_.events.size() >= capacity_ || pending_.touched.size() >= capacity_ || pending_.bytes >= max_bytes;
  }
  [[nodiscard]] bool empty() const noexcept { return pending_.empty(); }
  [[nodiscard]] bool has_events() const noexcept { return !pending_.events.empty(); }
  /// The number of the last commit; 0 before the first.
  [[nodiscard]] std::uint64_t last_commit() const noexcept { return last_commit_; }

  /// Whether events are kept for someone: of what is changed here, and of what other nodes have changed. Commits are numbered in
  /// any case; when nobody observes they cost no memory.
  void observe(bool local, bool remote) noexcept {
    observed_ = local;
    remote_observed_ = remote;
  }
  void observe(bool all) noexcept { observe(all, all); }
  [[nodiscard]] bool observed() const noexcept { return observed_; }
  [[nodiscard]] bool remote_observed() const noexcept { return remote_observed_; }

  /// Gives a change that was made here the next commit number. See `event::bytes`: what leaves was there already and need not count.
  void append(verb what, reason why, const value& key, std::vector<event_entry> entries, std::size_t bytes = 0);
  /// The same for a change that another node has made.
  void append_remote(verb what, reason why, const value& key, std::vector<event_entry> entries);
  /// Notes that this member has got its first entry, or lost its last.
  void touch(const member& who);
  /// Hands over all that is pending.
  batch take();

private:
  void keep(verb what, reason why, const value& key, std::vector<event_entry> entries, std::size_t bytes);

  std::size_t capacity_;
  std::uint64_t last_commit_ = 0;
  bool observed_ = false;
  bool remote_observed_ = false;
  batch pending_;
};

} // namespace registry
