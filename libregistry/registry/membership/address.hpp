#pragma once

#include <registry/error/error.hpp>

#include <compare>
#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <string>
#include <string_view>

namespace registry {

/// Where a node listens: a host (name or number, as its operator spelled it) and a TCP port. Spelling matters: two spellings
/// of one host are two addresses, and who answers there tells whether they are one node.
struct node_address {
  /// The longest host that travels between nodes, in bytes (DNS allows no more).
  static constexpr std::size_t max_host = 255;

  std::string host;
  std::uint16_t port = 0;

  friend auto operator<=>(const node_address&, const node_address&) = default;
};

/// `"host:port"`, with an IPv6 number in brackets.
std::string to_string(const node_address& x);
std::ostream& operator<<(std::ostream& out, const node_address& x);

/// Reads what `to_string` writes. Port 0 is allowed: for listening it means any. `errc::malformed` with the position otherwise.
result<node_address> parse_address(std::string_view text);

/// Whether it can be a host: 1 to `node_address::max_host` visible ASCII characters and no brackets. Says nothing about whether
/// there is such a host.
bool is_host(std::string_view text) noexcept;

} // namespace registry
