#pragma once

#include <registry/membership/internal/membership.hpp>

#include <chrono>
#include <cstdint>
#include <variant>
#include <vector>

namespace registry::testing::one_member {

inline constexpr incarnation me{0, 10};
inline constexpr incarnation smaller{0, 5};
inline constexpr incarnation greater{0, 20};
inline const node_address here{"here", 1};
inline const node_address there{"there", 1};

/// A link that is complete at once.
inline void link_up(membership& node, link_id link, const link_info& info, instant now) {
  node.link_begun(link, info, now);
  node.link_complete(link, now);
}

/// One node and the actions it requests.
struct fixture {
  fixture() : node(options()) { node.start({there}, std::chrono::seconds{0}); }

  static membership_options options() {
    membership_options out;
    out.self = me;
    out.advertised = here;
    return out;
  }

  template <class Action>
  std::vector<Action> all() const {
    std::vector<Action> out;
    for (const auto& x : actions) {
      if (const auto* found = std::get_if<Action>(&x))
        out.push_back(*found);
    }
    return out;
  }

  void take() { actions = node.take_actions(); }
  /// Lets time pass; collects all events in between.
  void run_until(instant end) {
    actions.clear();
    for (; now < end; now += std::chrono::milliseconds{100}) {
      node.tick(now);
      auto more = node.take_actions();
      actions.insert(actions.end(), more.begin(), more.end());
    }
  }
  void hear(link_id link, heartbeat content = {}) {
    node.heartbeat_received(link, content, now);
    take();
  }
  /// A link that the peer has dialled.
  void accept(link_id link, const incarnation& who, const node_address& where = there, std::uint64_t dial = 1) {
    link_up(node, link, {who, where, who, dial}, now);
    take();
  }

  /// The same, and it is not complete yet.
  void begin_link(link_id link, const incarnation& who, std::uint64_t dial = 1) {
    node.link_begun(link, {who, there, who, dial}, now);
    take();
  }
  void complete(link_id link) {
    node.link_complete(link, now);
    take();
  }

  membership node;
  instant now{};
  std::vector<membership_action> actions;
};

} // namespace registry::testing::one_member
