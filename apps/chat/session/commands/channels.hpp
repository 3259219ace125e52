#pragma once

#include <chat/irc/message.hpp>
#include <chat/session/context.hpp>

namespace chat {

// JOIN PART TOPIC NAMES LIST: channels and their members.
void join(context& on, const irc::message& line);
void part(context& on, const irc::message& line);
void set_or_show_topic(context& on, const irc::message& line);
void names(context& on, const irc::message& line);
void list(context& on, const irc::message& line);

} // namespace chat
