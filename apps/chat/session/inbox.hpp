#pragma once

#include <registry/scope/scope.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace chat {

/// What a session's subscriptions to keys of one scope bring, merged into commit order: the order in which things happened,
/// also across keys, which the subscriptions on their own do not tell.
///
/// 1. What has been taken from the subscriptions up to a commit is complete: `flush` after the first round makes sure that
///    nothing with an earlier commit is still on its way, and what the second round brings beyond that commit is kept.
/// 2. A subscription can only be read once its first message has come. Until then nothing is read, so that its changes are not
///    passed by others'. The owner makes sure that there is a first message, by joining the key it subscribes to.
///
/// Used by one actor.
class inbox {
public:
  /// A change, or, when changes were given up, the entries from which to go on.
  struct item {
    std::size_t slot = 0;
    std::uint64_t commit = 0;
    registry::event_ptr change;
    registry::group entries;
  };

  explicit inbox(registry::scope where, std::size_t slots);

  /// Reads a subscription, under a number from 0 to `slots` that is not in use.
  void open(std::size_t slot, registry::subscription_ref reference);
  /// Forgets a subscription, and what it brought.
  void close(std::size_t slot);

  /// A message has come. Returns whether it belongs to one of the subscriptions.
  bool notice(const registry::events& pending);
  /// Whether every subscription can be read.
  [[nodiscard]] bool is_ready() const noexcept;
  /// What has happened. Call when ready, and again while `has_more()`.
  std::vector<item> take();
  /// Whether something was taken that is yet to be returned.
  [[nodiscard]] bool has_more() const noexcept { return !kept_.empty(); }

private:
  struct subscription {
    registry::subscription_ref reference;
    std::optional<registry::events> source;
  };

  void collect(std::vector<item>& into);

  registry::scope scope_;
  std::vector<std::optional<subscription>> slots_;
  std::vector<item> kept_;
};

} // namespace chat
