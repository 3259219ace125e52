#pragma once

#include <registry/error/error.hpp>

#include <compare>
#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <string>
#include <string_view>

namespace registry::inline v0_2 {

/// The address that a node listens on: a host (name or number, as its operator spelled it) and a TCP port. Spelling matters:
/// two spellings of one host are two addresses, and only the node that answers there tells whether they are one.
struct node_address {
  /// The longest host that travels between nodes, in bytes (DNS allows no more).
  static constexpr std::size_t max_host = 255;

  std::string host;       ///< a host that `is_host` accepts, without brackets
  std::uint16_t port = 0; ///< the TCP port; 0 asks the system for a free one

  /// Compares the spelling.
  friend auto operator<=>(const node_address&, const node_address&) = default;
};

///@{
/// `"host:port"`, with an IPv6 number in brackets.
std::string to_string(const node_address& x);
std::ostream& operator<<(std::ostream& out, const node_address& x);
///@}

/// Reads the notation of `to_string`. Port 0 is accepted. Errors: `malformed` with the position in bytes.
result<node_address> parse_address(std::string_view text);

/// Whether a text can be a host: 1 to `node_address::max_host` visible ASCII characters and no brackets. No name is looked
/// up.
bool is_host(std::string_view text) noexcept;

} // namespace registry::inline v0_2
