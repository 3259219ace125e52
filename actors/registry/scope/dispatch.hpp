#pragma once

#include <registry/entry/entry.hpp>
#include <registry/error/error.hpp>
#include <registry/value/value.hpp>

#include <string>
#include <vector>

namespace registry {

/// How `scope::dispatch` chooses among the members of a key.
class dispatch_strategy {
public:
  enum class kind : std::uint8_t { all, random, round_robin, local_first, least, rendezvous };

  /// Every member, once per entry.
  static dispatch_strategy all() { return {kind::all, {}}; }
  /// One, each with the same probability.
  static dispatch_strategy random() { return {kind::random, {}}; }
  /// One, in turn; the turn is kept per scope and node.
  static dispatch_strategy round_robin() { return {kind::round_robin, {}}; }
  /// One on this node if there is any, otherwise one elsewhere; at random among them.
  static dispatch_strategy local_first() { return {kind::local_first, {}}; }
  /// The one whose metadata has the smallest number under this field, the earliest of several; members without it come last.
  static dispatch_strategy least(const std::string& field) { return {kind::least, field}; }
  /// The one with the highest random weight for this key (rendezvous hashing, Thaler and Ravishankar 1998): the same key goes
  /// to the same member, on every node, and when one of n members leaves only its 1/n of the keys move.
  static dispatch_strategy rendezvous(value key) { return {kind::rendezvous, std::move(key)}; }

  /// From a value, as it stands in messages: `"all"`, `"random"`, `"round_robin"`, `"local_first"`, `["least", field]`,
  /// `["rendezvous", key]`, and each of them in `["only_reachable", strategy]`.
  static result<dispatch_strategy> parse(const value& x);

  /// The same without members of suspected nodes: those that have fallen silent and may be gone. By default they are included, so
  /// that nothing is lost when a node only stutters; the messages to one silent node are bounded (1,024 until it is heard of).
  [[nodiscard]] dispatch_strategy only_reachable() const {
    auto out = *this;
    out.includes_suspected_ = false;
    return out;
  }
  [[nodiscard]] bool includes_suspected() const noexcept { return includes_suspected_; }

  [[nodiscard]] kind type() const noexcept { return kind_; }
  /// The field or the hash key.
  [[nodiscard]] const value& argument() const noexcept { return argument_; }

private:
  dispatch_strategy(kind type, value argument) : kind_(type), argument_(std::move(argument)) {}

  kind kind_;
  value argument_;
  bool includes_suspected_ = true;
};

/// The entries that a dispatch goes to, out of those that can be reached. `turn` is the running number for round robin. For who sends
/// the messages another way, as a request for example.
[[nodiscard]] std::vector<const entry*> select_members(const std::vector<const entry*>& candidates,
                                                       const dispatch_strategy& strategy, std::uint32_t turn);

} // namespace registry
