#pragma once

#include <registry/entry/event.hpp>
#include <registry/table/snapshot.hpp>

#include <compare>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <variant>
#include <vector>

namespace registry::inline v0_2 {

class subscription_queue;

/// The identity of a subscription within this process; never used again.
struct subscription_ref {
  std::uint64_t number = 0; ///< 1, 2, 3, … in the order of subscription; 0 for none

  /// By number.
  friend auto operator<=>(const subscription_ref&, const subscription_ref&) = default;
};

/// The start of a subscription: the entries of its key, or of the whole scope, at a commit. The subscriber receives every
/// change with a greater commit number exactly once, in order, and none that the view already contains.
struct subscription_start {
  subscription_ref reference; ///< for `scope::demonitor`, and to tell `events` messages apart
  std::uint64_t commit = 0;   ///< the last commit in the view
  group entries;              ///< the view of `monitor(key)`
  table_snapshot snapshot;    ///< the view of `monitor_scope()`
};

/// The result of one `events::take`.
struct event_batch {
  /// Set when the subscriber did not keep up and events were dropped: forget everything and continue from this view.
  std::optional<subscription_start> lagged;
  /// The next changes, in commit order.
  std::vector<event_ptr> changes;
};

/// The message to a subscriber when there are changes. It carries none itself: `take` fetches all that are pending at that
/// moment. So at most one such message per subscription is ever in the mailbox, memory is bounded by the subscription's
/// limit, and a subscription that was ended yields nothing, even from messages that are still under way.
///
///     [=](registry::events& pending) {
///       auto [lagged, changes] = pending.take();
///       …
///     }
class events {
public:
  /// Of no subscription; CAF needs it.
  events() noexcept = default;
  /// Of a subscription; the scope makes these.
  explicit events(std::shared_ptr<subscription_queue> source) noexcept : source_(std::move(source)) {}

  /// The subscription that has changes; number 0 for one of none. Wait-free.
  [[nodiscard]] subscription_ref reference() const noexcept;
  /// Fetches the pending changes, in commit order. Any thread, but meant for the subscriber. Short locks.
  [[nodiscard]] event_batch take() const;
  /// Whether the subscription was ended: then `take` yields nothing any more. Any thread; short locks.
  [[nodiscard]] bool ended() const;

private:
  std::shared_ptr<subscription_queue> source_;
};

} // namespace registry::inline v0_2
