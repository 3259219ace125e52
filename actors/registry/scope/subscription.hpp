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

namespace registry {

class subscription_queue;

/// Identifies a subscription within this process; never used again.
struct subscription_ref {
  std::uint64_t number = 0;

  friend auto operator<=>(const subscription_ref&, const subscription_ref&) = default;
};

/// What a subscription starts from: the entries of its key, or of the whole scope, at a commit. The subscriber receives every
/// change with a greater commit number exactly once, in order, and none that the view already contains.
struct subscription_start {
  subscription_ref reference;
  std::uint64_t commit = 0;
  /// Of `monitor(key)`.
  group entries;
  /// Of `monitor_scope()`.
  table_snapshot snapshot;
};

/// What a subscriber takes at a time.
struct event_batch {
  /// Set when the subscriber did not keep up and events were given up: forget everything and continue from this view.
  std::optional<subscription_start> lagged;
  /// What happened next, in commit order.
  std::vector<event_ptr> changes;
};

/// The message a subscriber receives when there are changes. It carries none itself: `take` fetches all that are pending at
/// that moment, so at most one such message per subscription is ever in the mailbox, memory is bounded by the subscription's
/// limit, and a subscription that was ended yields nothing however many messages are still under way.
///
///     [=](registry::events& pending) {
///       auto [lagged, changes] = pending.take();
///       …
///     }
class events {
public:
  events() noexcept = default;
  explicit events(std::shared_ptr<subscription_queue> source) noexcept : source_(std::move(source)) {}

  [[nodiscard]] subscription_ref reference() const noexcept;
  /// Fetches what is pending, in commit order. Any thread, but meant for the subscriber. Blocks for a bounded time only
  /// (short locks).
  [[nodiscard]] event_batch take() const;
  /// Whether the subscription was ended: `take` yields nothing, now or later. As `take`.
  [[nodiscard]] bool ended() const;

private:
  std::shared_ptr<subscription_queue> source_;
};

} // namespace registry
