#include <chat/irc/message.hpp>
#include <chat/session/narration.hpp>
#include <chat/world/person.hpp>

namespace chat {

namespace {

/// The farewell of a user who did not say any.
std::string farewell(const sighting& what, std::string_view server) {
  switch (what.why) {
  case registry::reason::node_down:
    // Clients know two server names for what they call a netsplit.
    return std::string{server} + " " + std::string{text_in(what.data, "server")};
  case registry::reason::drained:
    return "Server shutting down";
  default:
    return "Connection lost";
  }
}

std::string narrate_quit(const sighting& what, std::string_view server) {
  auto source = prefix_in(what.before);
  if (has_text(what.data, "quit"))
    return irc::compose(source, "QUIT", irc::text{text_in(what.data, "quit")});
  return irc::compose(source, "QUIT", irc::text{farewell(what, server)});
}

} // namespace

std::string narrate(const sighting& what, std::string_view channel, std::string_view server) {
  auto source = prefix_in(what.before);
  switch (what.what) {
  case sighting::kind::joined:
    return irc::compose(source, "JOIN", channel);
  case sighting::kind::parted:
    if (has_text(what.data, "part"))
      return irc::compose(source, "PART", channel, irc::text{text_in(what.data, "part")});
    return irc::compose(source, "PART", channel);
  case sighting::kind::quit:
    return narrate_quit(what, server);
  case sighting::kind::renamed:
    return irc::compose(source, "NICK", text_in(what.data, "nick"));
  case sighting::kind::collided:
    return irc::compose(source, "QUIT", irc::text{nick_collision});
  case sighting::kind::removed:
    break;
  }
  return irc::compose(source, "PART", channel, irc::text{"Removed from the channel"});
}

} // namespace chat
