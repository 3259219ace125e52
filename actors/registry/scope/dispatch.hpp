#pragma once

#include <registry/entry/entry.hpp>
#include <registry/error/error.hpp>
#include <registry/value/value.hpp>

#include <string>
#include <vector>

namespace registry::inline v0_2 {

/// The choice of `scope::dispatch` among the members of a key. Immutable; any thread.
class dispatch_strategy {
public:
  /// One for each function below.
  enum class kind : std::uint8_t {
    all,         ///< see `all()`
    random,      ///< see `random()`
    round_robin, ///< see `round_robin()`
    local_first, ///< see `local_first()`
    least,       ///< see `least()`
    rendezvous   ///< see `rendezvous()`
  };

  /// Every member, once per entry.
  static dispatch_strategy all() { return {kind::all, {}}; }
  /// One, each with the same probability.
  static dispatch_strategy random() { return {kind::random, {}}; }
  /// One, in turn; each node counts the turns of each key for itself.
  static dispatch_strategy round_robin() { return {kind::round_robin, {}}; }
  /// One on this node if there is any, otherwise one elsewhere; at random among them.
  static dispatch_strategy local_first() { return {kind::local_first, {}}; }
  /// The one whose metadata has the smallest number under this field, the earliest of several; members without a number
  /// there come last.
  static dispatch_strategy least(const std::string& field) { return {kind::least, field}; }
  /// The one with the highest random weight for this key (rendezvous hashing, Thaler and Ravishankar 1998): the same key
  /// goes to the same member, on every node, and when one of n members leaves only its 1/n of the keys move.
  static dispatch_strategy rendezvous(value key) { return {kind::rendezvous, std::move(key)}; }

  /// The strategy of a value, as in messages: `"all"`, `"random"`, `"round_robin"`, `"local_first"`, `["least", field]`,
  /// `["rendezvous", key]`, and each of them in `["only_reachable", strategy]`. Errors: `invalid_argument`.
  static result<dispatch_strategy> parse(const value& x);

  /// The same strategy without the members of suspected nodes, which are silent and may be gone. By default they are included,
  /// so that no message is lost when a node only stutters; a silent node is sent 1,024 messages at most.
  [[nodiscard]] dispatch_strategy only_reachable() const {
    auto out = *this;
    out.includes_suspected_ = false;
    return out;
  }
  /// False after `only_reachable`.
  [[nodiscard]] bool includes_suspected() const noexcept { return includes_suspected_; }

  /// The function that made it.
  [[nodiscard]] kind type() const noexcept { return kind_; }
  /// The field of `least`, the key of `rendezvous`; otherwise null.
  [[nodiscard]] const value& argument() const noexcept { return argument_; }

private:
  dispatch_strategy(kind type, value argument) : kind_(type), argument_(std::move(argument)) {}

  kind kind_;
  value argument_;
  bool includes_suspected_ = true;
};

/// The entries that a strategy chooses from the candidates, for dispatches that `scope::dispatch` does not cover, such as a
/// request. `turn` is the running number of round robin. O(n) in the candidates. Any thread.
[[nodiscard]] std::vector<const entry*> select_members(const std::vector<const entry*>& candidates,
                                                       const dispatch_strategy& strategy, std::uint32_t turn);

} // namespace registry::inline v0_2
