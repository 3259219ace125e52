#include <chat/irc/names.hpp>
#include <chat/session/commands/queries.hpp>
#include <chat/session/commands/registration.hpp>

namespace chat {

namespace {

using enum irc::numeric;

constexpr std::size_t max_real = 100;

void refuse_taken(context& on, std::string_view wanted) {
  on.client.reply(err_nicknameinuse, wanted, irc::text{"Nickname is already in use"});
}

// The new name is taken before the old one is free, and the old one is free only when everybody who sees the user is going
// to hear of it: so whoever takes it next cannot be mistaken for this one.
void rename(context& on, std::string_view wanted) {
  auto& me = on.client.me;
  auto before = me;
  me.nick = wanted;
  auto respelled = irc::same_name(before.nick, wanted);
  if (!respelled && !on.name.claim(me)) {
    me = before;
    return refuse_taken(on, wanted);
  }
  if (respelled)
    on.name.announce(me);
  on.client.send(irc::compose(prefix_of(before), "NICK", wanted));
  on.channels.announce();
  if (!respelled)
    on.name.settle();
}

} // namespace

bool introduce(context& on) {
  if (on.negotiating || !on.has_user || on.wanted_nick.empty())
    return false;
  auto as = on.client.me;
  as.nick = on.wanted_nick;
  if (!on.name.claim(as)) {
    on.wanted_nick.clear();
    refuse_taken(on, as.nick);
    return false;
  }
  on.name.settle();
  on.client.me = as;
  return true;
}

void welcome(context& on) {
  const auto& info = on.world->info;
  auto& to = on.client;
  to.reply(rpl_welcome, irc::text{"Welcome to the " + info.network + " network, " + prefix_of(to.me)});
  to.reply(rpl_yourhost, irc::text{"Your host is " + info.name + ", running " + server_version});
  to.reply(rpl_created, irc::text{"This server was started " + info.created});
  to.reply(rpl_myinfo, info.name, server_version, "i", "n");
  to.reply(rpl_isupport, "CASEMAPPING=rfc1459", "CHANTYPES=#", "CHANMODES=b,,,n",
           "PREFIX=", "CHANLIMIT=#:" + std::to_string(info.max_channels), "CHANNELLEN=" + std::to_string(irc::max_channel),
           "NICKLEN=" + std::to_string(irc::max_nick), "USERLEN=" + std::to_string(irc::max_user),
           "TOPICLEN=" + std::to_string(info.max_topic), "AWAYLEN=" + std::to_string(info.max_away),
           "MAXTARGETS=" + std::to_string(info.max_targets), "NETWORK=" + info.network,
           irc::text{"are supported by this server"});
  lusers(on, {});
  motd(on, {});
}

void nick(context& on, const irc::message& line) {
  auto wanted = line.param(0);
  if (wanted.empty())
    return on.client.reply(err_nonicknamegiven, irc::text{"No nickname given"});
  if (!irc::is_nick(wanted))
    return on.client.reply(err_erroneusnickname, wanted, irc::text{"Erroneous nickname"});
  if (on.name.is_taken(wanted))
    return refuse_taken(on, wanted);
  if (!on.registered)
    on.wanted_nick = wanted;
  else if (wanted != on.client.me.nick)
    rename(on, wanted);
}

void user(context& on, const irc::message& line) {
  if (on.registered)
    return on.client.reply(err_alreadyregistred, irc::text{"You may not register again"});
  on.client.me.user = irc::clean_user(line.param(0));
  on.client.me.real = irc::cut(line.param(3), max_real);
  on.has_user = true;
}

// There are no passwords here, but clients that were told one send it.
void password(context& on, const irc::message&) {
  if (on.registered)
    on.client.reply(err_alreadyregistred, irc::text{"You may not register again"});
}

void capabilities(context& on, const irc::message& line) {
  auto verb = irc::upper(line.param(0));
  auto target = on.registered ? std::string_view{on.client.me.nick} : std::string_view{};
  if (verb == "LS" || verb == "REQ")
    on.negotiating = !on.registered;
  if (verb == "LS" || verb == "LIST")
    return on.client.tell("CAP", target, verb, irc::text{});
  if (verb == "REQ")
    return on.client.tell("CAP", target, "NAK", irc::text{line.param(1)});
  if (verb != "END")
    return on.client.reply(err_invalidcapcmd, line.param(0), irc::text{"Invalid CAP command"});
  on.negotiating = false;
}

void ping(context& on, const irc::message& line) {
  if (line.param(0).empty())
    return on.client.reply(err_noorigin, irc::text{"No origin specified"});
  on.client.tell("PONG", on.client.server(), irc::text{line.param(0)});
}

// Any line shows that the client is there; that is all a PONG is for.
void pong(context&, const irc::message&) {}

void quit(context& on, const irc::message& line) {
  on.farewell = line.params.empty() ? "Quit" : "Quit: " + std::string{line.param(0)};
}

} // namespace chat
