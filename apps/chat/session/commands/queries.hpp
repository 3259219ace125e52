#pragma once

#include <chat/irc/message.hpp>
#include <chat/session/context.hpp>

#include <string>

namespace chat {

/// The server's name for its software.
inline const std::string server_version = "registry-chat-0.1";

// WHO WHOIS USERHOST ISON LUSERS MOTD MODE: questions that change nothing. MODE does change the client's own.
void who(context& on, const irc::message& line);
void whois(context& on, const irc::message& line);
void userhost(context& on, const irc::message& line);
void ison(context& on, const irc::message& line);
void lusers(context& on, const irc::message& line);
void motd(context& on, const irc::message& line);
void mode(context& on, const irc::message& line);

} // namespace chat
