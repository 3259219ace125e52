#pragma once

#include <registry/compat/inspect.hpp>
#include <registry/member/member.hpp>

#include <boost/describe.hpp>

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/type_id.hpp>

#include <string>

namespace chat {

/// From session to session: a line for the receiver's client.
struct relay {
  /// The folded channel it was sent to; empty if it was sent to the receiver itself.
  std::string channel;
  /// The sender's nickname.
  std::string nick;
  std::string line;
  /// The sender's session.
  registry::member sender;
};
BOOST_DESCRIBE_STRUCT(relay, (), (channel, nick, line, sender))

/// From a session to the topic keeper.
struct set_topic {
  std::string channel; ///< folded
  std::string text;
  std::string by;
};

/// From a connection to its session: a line has come, or the end.
struct line_received {
  std::string content;
  bool too_long = false;
};
struct connection_ended {
  std::string reason;
};

/// To a session: take it that its time has passed, see `session_start::tick`.
struct tick {};

/// From the server to a session or a keeper: end.
struct shut_down {
  std::string reason;
};

template <class Inspector>
auto inspect(Inspector& f, relay& x) {
  return registry::compat::inspect_described(f, x);
}

} // namespace chat

CAF_BEGIN_TYPE_ID_BLOCK(chat, caf::first_custom_type_id + 2000)

CAF_ADD_TYPE_ID(chat, (chat::relay))
CAF_ADD_TYPE_ID(chat, (chat::set_topic))
CAF_ADD_TYPE_ID(chat, (chat::line_received))
CAF_ADD_TYPE_ID(chat, (chat::connection_ended))
CAF_ADD_TYPE_ID(chat, (chat::tick))
CAF_ADD_TYPE_ID(chat, (chat::shut_down))

CAF_END_TYPE_ID_BLOCK(chat)

// Only `relay` travels between nodes.
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(chat::set_topic)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(chat::line_received)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(chat::connection_ended)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(chat::tick)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(chat::shut_down)
