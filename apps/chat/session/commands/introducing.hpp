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

} // namespace chat
