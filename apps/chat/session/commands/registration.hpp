#pragma once

#include <chat/irc/message.hpp>
#include <chat/session/context.hpp>

namespace chat {

// NICK USER PASS CAP PING PONG QUIT: who the client is, and whether it still is.
void nick(context& on, const irc::message& line);
void user(context& on, const irc::message& line);
void password(context& on, const irc::message& line);
void capabilities(context& on, const irc::message& line);
void ping(context& on, const irc::message& line);
void pong(context& on, const irc::message& line);
void quit(context& on, const irc::message& line);

/// Gives the client its nickname as soon as it has said all that is needed. Whether it has one now.
bool introduce(context& on);
/// Greets a client that has introduced itself.
void welcome(context& on);

} // namespace chat
