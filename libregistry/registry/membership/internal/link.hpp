#pragma once

#include <registry/member/incarnation.hpp>
#include <registry/membership/address.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace registry::inline v0_2 {

/// A point in time on a monotonic clock: nanoseconds since a start that the caller chose.
using instant = std::chrono::nanoseconds;

/// The id of a connection on this node, chosen by the code that does the input and output. Never reused.
using link_id = std::uint64_t;

/// The result of a handshake. Both ends agree on `dialled_by` and `dial`.
struct link_info {
  incarnation peer;
  /// Where the peer says it listens.
  node_address peer_address;
  /// The node that dialled: the peer or this one.
  incarnation dialled_by;
  /// The dialler's running number of the dial, see `dial_request`.
  std::uint64_t dial = 0;
  /// What its operator calls the peer, if anything: `is_node_name`. From version 2 of the protocol on.
  std::string peer_name = {};
};

/// The longest name of a node, in bytes.
inline constexpr std::size_t max_node_name = 64;

/// Whether a text can be the name of a node: 1 to `max_node_name` letters, digits and `-._:@/`, so that it can stand in a log.
[[nodiscard]] bool is_node_name(std::string_view text) noexcept;

/// As the operator knows a node: `name at host:port (1a2b3c4d)`, with as much of its incarnation as tells two runs apart. Without a
/// name: `host:port (1a2b3c4d)`.
[[nodiscard]] std::string label_of(const incarnation& who, const node_address& where, std::string_view name);

/// How a link ended.
enum class link_end : std::uint8_t {
  closed, ///< the connection ended: by the peer, or reset by its system
  failed, ///< this side closed it (a broken frame, a full queue); says nothing about the peer
};

/// Why a dial, or a dialler, was turned away.
enum class dial_failure : std::uint8_t {
  refused,           ///< no process listens there
  unreachable,       ///< no answer in time, no route, no such host
  duplicate_link,    ///< the peer prefers another link to us
  self,              ///< this node itself answered
  wrong_secret,      ///< the secrets differ
  wrong_version,     ///< the ranges of protocol versions do not overlap
  wrong_cluster,     ///< it belongs to a cluster with another name
  duplicate_node_id, ///< CAF's id of the peer equals ours or that of another peer
  broken_handshake,  ///< the bytes received are not a handshake of this protocol
  wrong_certificate, ///< one end has refused the certificate of the other
  // Ends of handshakes of which the peer is told in other words, if at all.
  wrong_encryption, ///< one end encrypts, and the other cannot or does not want to
  hung_up,          ///< the connection ended when encryption began, without a word
};

std::string_view to_string(dial_failure x) noexcept;

} // namespace registry::inline v0_2
