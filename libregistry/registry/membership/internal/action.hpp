#pragma once

#include <registry/membership/internal/heartbeat.hpp>
#include <registry/membership/internal/link.hpp>

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace registry::inline v0_2 {

/// Why a peer is down.
enum class down_reason : std::uint8_t {
  lost,     ///< silent for too long
  refused,  ///< its link was closed, and its system refuses another
  replaced, ///< another incarnation answers at its address
  drained,  ///< it left on purpose
};

/// The actions that `membership` requests.
namespace action {

/// Dial, shake hands and report `link_begun` or `dial_failed`. `number` travels in the handshake (`link_info::dial`).
struct dial {
  node_address where;
  std::uint64_t number = 0;
};
/// Close a link; a `link_down` for it is not expected, and is ignored.
struct close {
  link_id link = 0;
};
/// Send the same heartbeat on each of these links.
struct send_heartbeats {
  std::vector<link_id> links;
  heartbeat content;
};
/// A peer is up that was unknown or down.
struct peer_up {
  incarnation peer;
};
/// From now on frames to and from the peer use this link; frames sent on another one may be lost.
struct use_link {
  incarnation peer;
  link_id link = 0;
};
/// The link in use is gone and there is no other: nothing arrives, and what was sent may be lost, until `use_link`.
struct lose_link {
  incarnation peer;
};
/// The peer is silent or has lost its link. Its entries stay, as unreachable; a link that is silent remains in use.
struct peer_suspect {
  incarnation peer;
};
/// A suspect is back. Its entries are reachable again; nothing else has changed unless `use_link` came before.
struct peer_alive_again {
  incarnation peer;
};
/// The peer is gone, until `peer_up`.
struct peer_down {
  incarnation peer;
  down_reason why = down_reason::lost;
};
/// One line for the operator.
struct warn {
  std::string text;
};

} // namespace action

using membership_action =
    std::variant<action::dial, action::close, action::send_heartbeats, action::peer_up, action::use_link, action::lose_link,
                 action::peer_suspect, action::peer_alive_again, action::peer_down, action::warn>;

} // namespace registry::inline v0_2
