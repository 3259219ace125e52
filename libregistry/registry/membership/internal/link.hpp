#pragma once

#include <registry/member/incarnation.hpp>
#include <registry/membership/address.hpp>

#include <chrono>
#include <cstdint>
#include <string_view>

namespace registry {

/// A point in time on a clock that never goes back: nanoseconds since a start that the caller chose.
using instant = std::chrono::nanoseconds;

/// The name of a connection on this node, chosen by whoever does the input and output. Never used twice.
using link_id = std::uint64_t;

/// What the handshake found out about a link. Both ends agree on `dialled_by` and `dial`.
struct link_info {
  incarnation peer;
  /// Where the peer says it listens.
  node_address peer_address;
  /// Whose dial it is: the peer's or ours.
  incarnation dialled_by;
  /// The dialler's running number of the dial, see `dial_request`.
  std::uint64_t dial = 0;
};

/// How a link ended.
enum class link_end : std::uint8_t {
  closed, ///< the connection ended: by the peer, or reset by its system
  failed, ///< our side gave it up (a broken frame, a full queue); says nothing about the peer
};

/// Why a dial, or a dialler, was turned away.
enum class dial_failure : std::uint8_t {
  refused,           ///< nobody listens there
  unreachable,       ///< no answer in time, no route, no such host
  duplicate_link,    ///< the peer prefers another link to us
  self,              ///< it was this node that answered
  wrong_secret,      ///< the secrets differ
  wrong_version,     ///< the ranges of protocol versions do not overlap
  wrong_cluster,     ///< it belongs to a cluster of another name
  duplicate_node_id, ///< CAF's id of the peer equals ours or that of another peer
  broken_handshake,  ///< what came was no handshake of ours
};

std::string_view to_string(dial_failure x) noexcept;

} // namespace registry
