#pragma once

#include <registry/value/convert.hpp>
#include <registry/value/value.hpp>

#include <boost/describe.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace chat {

/// The public description of a user: the value of its entries in the scopes `nicks` and `channels`.
struct person {
  std::string nick;
  std::string user;
  std::string host;
  std::string real;
  /// The name of the user's server.
  std::string server;
  /// The user's modes, as letters.
  std::string modes;
  /// The answer to a message to the user, while it is away.
  std::optional<std::string> away;
  /// `channels` only: the channel's name as its first member spelled it.
  std::optional<std::string> channel;
  /// `channels` only: the farewell of a member that is about to leave the channel, or the server.
  std::optional<std::string> part;
  std::optional<std::string> quit;
  /// When the user took its nickname, in milliseconds since 1970: of two that have one name the earlier keeps it.
  std::int64_t since = 0;
};
BOOST_DESCRIBE_STRUCT(person, (), (nick, user, host, real, server, modes, away, channel, part, quit, since))

/// The time as users and topics have it: in milliseconds since 1970.
std::int64_t milliseconds_now();

/// `nick!user@host`, the source of all that a user does.
std::string prefix_of(const person& who);

// What stands in a scope may come from another node, and from another program: it is read field by field, and nothing is
// expected of it.

/// A text in a map; empty if there is none. The view lives as long as the value.
std::string_view text_in(const registry::value& data, std::string_view field) noexcept;
/// Whether there is a text of this name.
bool has_text(const registry::value& data, std::string_view field) noexcept;
std::string prefix_in(const registry::value& data);

/// A channel's topic: the value of an entry in the scope `topics`.
struct topic {
  std::string text;
  /// Who set it, as `nick!user@host`.
  std::string by;
  /// When, in milliseconds since 1970. Of several topics of a channel the newest counts.
  std::int64_t at = 0;

  friend bool operator==(const topic&, const topic&) = default;
};
BOOST_DESCRIBE_STRUCT(topic, (), (text, by, at))

/// Whether the first replaces the second, on every node.
bool is_newer(const topic& a, const topic& b) noexcept;

} // namespace chat
