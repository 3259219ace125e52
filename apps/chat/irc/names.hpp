#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace chat::irc {

inline constexpr std::size_t max_nick = 30;
inline constexpr std::size_t max_user = 20;
inline constexpr std::size_t max_channel = 50;

/// The form under which names are compared and looked up: lower case as RFC 1459 has it, where `{}|^` are the lower case of
/// `[]\~`.
std::string fold(std::string_view name);

/// Whether two names are the same to IRC.
bool same_name(std::string_view a, std::string_view b) noexcept;

/// A nickname of at most `max_nick` bytes: letters, digits, ``[]\`_^{|}`` and `-`, beginning with none of the digits or `-`.
bool is_nick(std::string_view name) noexcept;

/// A channel name of at most `max_channel` bytes: `#` and at least one byte more, without space, comma, colon, or control codes.
bool is_channel(std::string_view name) noexcept;

/// Whether a target is meant as a channel, valid or not.
bool looks_like_channel(std::string_view name) noexcept;

/// A command as it stands in the table of commands: upper case ASCII.
std::string upper(std::string_view command);

/// Of what a client claims to be its user name, what may stand in `nick!user@host`; `user` if nothing may.
std::string clean_user(std::string_view claimed);

} // namespace chat::irc
