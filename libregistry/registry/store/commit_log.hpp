#pragma once

#include <registry/entry/event.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace registry::inline v0_2 {

/// The changes that are committed and not yet drained: the events, and the members that gained their first entry or lost
/// their last, whose monitors have to follow. Bounded: the writer asks `full` first and drains when there is no room;
/// nothing is dropped. A change without an observer is numbered only. Not thread-safe: it belongs to the writer of the
/// scope.
class commit_log {
public:
  /// All pending changes, in commit order.
  struct batch {
    std::vector<event_ptr> events; ///< one for each observed change
    std::vector<member> touched;   ///< members that gained their first entry or lost their last; may repeat
    std::uint64_t previous = 0;    ///< the last commit before those of the batch
    std::uint64_t last = 0;        ///< the last commit of the batch
    bool complete = true;          ///< whether every change made on this node has an event
    std::size_t bytes = 0;         ///< the sum of `event::bytes`
    /// Whether there is nothing to drain.
    [[nodiscard]] bool empty() const noexcept { return events.empty() && touched.empty(); }
  };

  /// The bound of the pending events, by `event::bytes`.
  static constexpr std::size_t max_bytes = std::size_t{64} << 20;
  /// `capacity` bounds the events and, separately, the touched members. One operation on many members or keys may exceed
  /// it by its own size.
  explicit commit_log(std::size_t capacity) : capacity_(capacity) {}

  /// Whether the writer has to drain before the next change.
  [[nodiscard]] bool full() const noexcept {
    return pending_.events.size() >= capacity_ || pending_.touched.size() >= capacity_ || pending_.bytes >= max_bytes;
  }
  ///@{
  /// Whether anything, or any event, is pending.
  [[nodiscard]] bool empty() const noexcept { return pending_.empty(); }
  [[nodiscard]] bool has_events() const noexcept { return !pending_.events.empty(); }
  ///@}
  /// The number of the last commit; 0 before the first.
  [[nodiscard]] std::uint64_t last_commit() const noexcept { return last_commit_; }

  ///@{
  /// Turns events on or off, of changes made on this node and of changes made elsewhere. Commits are numbered in any case;
  /// without an observer they cost no memory.
  void observe(bool local, bool remote) noexcept {
    observed_ = local;
    remote_observed_ = remote;
  }
  void observe(bool all) noexcept { observe(all, all); }
  ///@}
  ///@{
  /// Whether changes made on this node, or elsewhere, have events.
  [[nodiscard]] bool observed() const noexcept { return observed_; }
  [[nodiscard]] bool remote_observed() const noexcept { return remote_observed_; }
  ///@}

  /// Gives a change made on this node the next commit number. `bytes` is the size of the new values, see `event::bytes`;
  /// values that leave were in memory already and need not count.
  void append(verb what, reason why, const value& key, std::vector<event_entry> entries, std::size_t bytes = 0);
  /// Gives a change made on another node the next commit number.
  void append_remote(verb what, reason why, const value& key, std::vector<event_entry> entries);
  /// Notes that a member has gained its first entry, or lost its last.
  void touch(const member& who);
  /// Moves all pending changes out.
  batch take();

private:
  void keep(verb what, reason why, const value& key, std::vector<event_entry> entries, std::size_t bytes);

  std::size_t capacity_;
  std::uint64_t last_commit_ = 0;
  bool observed_ = false;
  bool remote_observed_ = false;
  batch pending_;
};

} // namespace registry::inline v0_2
