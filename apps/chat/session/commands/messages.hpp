#pragma once

#include <chat/irc/message.hpp>
#include <chat/session/context.hpp>

namespace chat {

// PRIVMSG NOTICE AWAY: saying something, and that one will not answer.
void privmsg(context& on, const irc::message& line);
void notice(context& on, const irc::message& line);
void away(context& on, const irc::message& line);

} // namespace chat
