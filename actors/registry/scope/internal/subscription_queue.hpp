#pragma once

#include <registry/internal/step_count.hpp>
#include <registry/scope/subscription.hpp>
#include <registry/store/commit_log.hpp>

#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace registry::inline v0_2 {

class scope_state;

/// Consecutive changes, shared by all subscriptions that get them.
struct shared_changes {
  std::shared_ptr<const std::vector<event_ptr>> all;
  std::size_t bytes = 0;

  explicit shared_changes(std::vector<event_ptr> changes);
};

/// The queue of one subscription, between the thread that distributes changes and the subscriber that takes them.
///
/// 1. `pending_` never exceeds `limit_` events or `max_bytes`; on overflow all of it is dropped (`lagged_`). It refers to
///    shared changes: adding them takes O(1), and `take` copies them without a lock.
/// 2. At most one `events` message to the subscriber is in transit (`signalled_`).
/// 3. After `cancel`, `take` yields nothing.
/// 4. Lock order: the scope's drain lock, its writer lock, then this lock. Nothing is destroyed under this lock, and
///    destruction of content dropped under the drain lock is deferred.
class subscription_queue : public std::enable_shared_from_this<subscription_queue> {
public:
  subscription_queue(subscription_ref reference, std::optional<value> key, member subscriber, std::size_t limit,
                     std::uint64_t start, std::weak_ptr<scope_state> home);

  [[nodiscard]] subscription_ref reference() const noexcept {
    internal::count_step();
    return reference_;
  }
  /// The key, or nothing for the whole scope.
  [[nodiscard]] const std::optional<value>& key() const noexcept { return key_; }
  [[nodiscard]] const member& subscriber() const noexcept {
    internal::count_step();
    return subscriber_;
  }

  /// Queues the changes that are later than the start. Returns whether the subscriber is to be signalled. Only the draining
  /// thread.
  [[nodiscard]] bool push(const shared_changes& changes);
  /// Tells the subscriber that there are changes to take. With no lock held: a companion takes them at once.
  static void signal(const std::shared_ptr<subscription_queue>& x);
  /// Continues from a new view at this commit, unless it was cancelled (false). Only under the drain lock.
  bool restart(std::uint64_t commit);
  /// Ends the subscription at once. Any thread.
  void cancel();
  /// See `events::take`.
  event_batch take();
  /// Whether it was cancelled. Any thread.
  [[nodiscard]] bool ended();

  /// More than the log distributes at once.
  static constexpr std::size_t max_bytes = 2 * commit_log::max_bytes;

  // Of `observers`, see there.
  std::size_t place_of_key = 0;
  std::size_t place_of_subscriber = 0;
  bool is_queued = true;

private:
  /// Shared changes from an index on.
  struct part {
    std::shared_ptr<const std::vector<event_ptr>> all;
    std::size_t first;
  };

  static void give_up(std::vector<part>&& dropped) noexcept;

  const subscription_ref reference_;
  const std::optional<value> key_;
  const member subscriber_;
  const std::size_t limit_;
  const std::weak_ptr<scope_state> home_;

  std::mutex lock_;
  std::vector<part> pending_;
  std::size_t pending_count_ = 0;
  std::size_t pending_bytes_ = 0;
  std::uint64_t start_;
  bool signalled_ = false;
  bool lagged_ = false;
  bool cancelled_ = false;
};

} // namespace registry::inline v0_2
