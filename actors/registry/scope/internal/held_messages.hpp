#pragma once

#include <registry/member/incarnation.hpp>
#include <registry/wire/internal/message.hpp>

#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <mutex>

namespace registry::inline v0_2 {

/// Messages of other nodes to members here, which must not get them before changes of the sender that may still be under way.
///
/// 1. `add`, `release` and `drop` are called under one lock, that of the scope; `deliver` under none.
/// 2. Messages of one node are delivered in the order in which they were added, by one thread at a time; it delivers those that are
///    released meanwhile, too.
class held_messages {
public:
  using delivery = std::function<void()>;
  using is_here = std::function<bool(const incarnation& from, const stream_place& place)>;

  void add(const incarnation& from, const stream_place& after, delivery what);
  /// Readies the messages whose changes are here, without those behind one whose changes are not. Returns whether there is
  /// something to deliver.
  bool release(const is_here& arrived);
  /// Drops those that are held from a node.
  void drop(const incarnation& from);
  [[nodiscard]] bool empty() const noexcept { return held_.empty(); }
  /// Whether messages of this node are held.
  [[nodiscard]] bool holds(const incarnation& from) const { return held_.contains(from); }

  void deliver();

private:
  struct message {
    stream_place after;
    delivery what;
  };
  std::map<incarnation, std::deque<message>> held_; // none is empty

  std::mutex ready_lock_; // no other lock is taken after it
  std::deque<delivery> ready_;
  bool delivering_ = false;
};

} // namespace registry::inline v0_2
