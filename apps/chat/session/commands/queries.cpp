#include <chat/irc/names.hpp>
#include <chat/session/commands/queries.hpp>

#include <algorithm>

namespace chat {

namespace {

using enum irc::numeric;

void show_who(context& on, std::string_view channel, const registry::value& data) {
  on.client.reply(rpl_whoreply, channel, text_in(data, "user"), text_in(data, "host"), text_in(data, "server"),
                  text_in(data, "nick"), has_text(data, "away") ? "G" : "H",
                  irc::text{"0 " + std::string{text_in(data, "real")}});
}

void show_channels_of(context& on, std::string_view nick, const registry::member& who) {
  std::string names;
  for (const auto& key : on.world->channels.keys(who)) {
    auto entries = on.world->channels.values(key, who);
    if (!entries.empty())
      names.append(names.empty() ? "" : " ").append(text_in(entries[0], "channel"));
  }
  if (!names.empty())
    on.client.reply(rpl_whoischannels, nick, irc::text{names});
}

void show_whois(context& on, const registry::entry& found) {
  auto nick = text_in(found.data, "nick");
  auto& to = on.client;
  to.reply(rpl_whoisuser, nick, text_in(found.data, "user"), text_in(found.data, "host"), "*",
           irc::text{text_in(found.data, "real")});
  show_channels_of(on, nick, found.who);
  to.reply(rpl_whoisserver, nick, text_in(found.data, "server"), irc::text{on.world->info.network});
  if (has_text(found.data, "away"))
    to.reply(rpl_away, nick, irc::text{text_in(found.data, "away")});
}

/// The nicknames of a list that stands in one parameter or in several.
std::vector<std::string_view> nicks_in(const irc::message& line) {
  std::vector<std::string_view> result;
  for (auto rest : line.params) {
    while (!rest.empty()) {
      auto nick = rest.substr(0, rest.find(' '));
      rest.remove_prefix(std::min(nick.size() + 1, rest.size()));
      if (!nick.empty())
        result.push_back(nick);
    }
  }
  return result;
}

/// Nobody is an operator, so channels keep the modes they have: none, but that strangers cannot write to them.
void channel_mode(context& on, const irc::message& line) {
  auto name = line.param(0);
  if (on.world->channels.count(irc::fold(name)) == 0)
    return on.client.reply(err_nosuchchannel, name, irc::text{"No such channel"});
  auto wish = line.param(1);
  if (wish.empty())
    return on.client.reply(rpl_channelmodeis, name, "+n");
  if ((wish == "b" || wish == "+b") && line.params.size() == 2)
    return on.client.reply(rpl_endofbanlist, name, irc::text{"End of channel ban list"});
  on.client.reply(err_chanoprivsneeded, name, irc::text{"You're not a channel operator"});
}

/// The one mode a user has is `i`, invisible, which clients like to set; nobody is listed to strangers anyway.
void user_mode(context& on, std::string_view wish) {
  auto& me = on.client.me;
  auto before = me.modes;
  auto adding = true;
  auto unknown = false;
  for (auto letter : wish) {
    if (letter == '+' || letter == '-')
      adding = letter == '+';
    else if (letter == 'i')
      me.modes = adding ? "i" : "";
    else
      unknown = true;
  }
  if (unknown)
    on.client.reply(err_umodeunknownflag, irc::text{"Unknown MODE flag"});
  if (me.modes == before)
    return;
  on.name.announce(me);
  on.channels.announce();
  on.client.echo("MODE", me.nick, me.modes.empty() ? "-i" : "+i");
}

} // namespace

void who(context& on, const irc::message& line) {
  auto mask = line.params.empty() ? std::string_view{"*"} : line.param(0);
  if (irc::looks_like_channel(mask)) {
    for (const auto& each : on.world->channels.lookup(std::string_view{irc::fold(mask)}))
      show_who(on, text_in(each.data, "channel"), each.data);
  } else if (auto found = on.world->find_nick(mask)) {
    show_who(on, "*", found->data);
  }
  on.client.reply(rpl_endofwho, mask, irc::text{"End of WHO list"});
}

// `WHOIS server nick` asks that server; here all know the same.
void whois(context& on, const irc::message& line) {
  if (line.params.empty())
    return on.client.reply(err_nonicknamegiven, irc::text{"No nickname given"});
  auto wanted = line.params.back();
  for (auto nick : irc::split_list(wanted)) {
    if (auto found = on.world->find_nick(nick))
      show_whois(on, *found);
    else
      on.client.reply(err_nosuchnick, nick, irc::text{"No such nick"});
  }
  on.client.reply(rpl_endofwhois, wanted, irc::text{"End of WHOIS list"});
}

void userhost(context& on, const irc::message& line) {
  constexpr std::size_t most = 5;
  std::string answer;
  auto nicks = nicks_in(line);
  for (auto nick : std::span{nicks}.first(std::min(most, nicks.size()))) {
    auto found = on.world->find_nick(nick);
    if (!found)
      continue;
    answer.append(answer.empty() ? "" : " ").append(text_in(found->data, "nick"));
    answer.append(has_text(found->data, "away") ? "=-" : "=+");
    answer.append(text_in(found->data, "user")).append("@").append(text_in(found->data, "host"));
  }
  on.client.reply(rpl_userhost, irc::text{answer});
}

void ison(context& on, const irc::message& line) {
  std::string answer;
  for (auto nick : nicks_in(line)) {
    if (auto found = on.world->find_nick(nick))
      answer.append(answer.empty() ? "" : " ").append(text_in(found->data, "nick"));
  }
  on.client.reply(rpl_ison, irc::text{answer});
}

void lusers(context& on, const irc::message&) {
  auto users = std::to_string(on.world->nicks.count());
  on.client.reply(rpl_luserclient, irc::text{"There are " + users + " users on this network"});
  on.client.reply(rpl_luserchannels, std::to_string(on.world->channels.snapshot().key_count()),
                  irc::text{"channels formed"});
  on.client.reply(rpl_luserme, irc::text{"I have " + std::to_string(on.world->clients) + " clients"});
}

void motd(context& on, const irc::message&) {
  const auto& lines = on.world->info.motd;
  if (lines.empty())
    return on.client.reply(err_nomotd, irc::text{"There is no message of the day"});
  on.client.reply(rpl_motdstart, irc::text{"- " + on.client.server() + " message of the day -"});
  for (const auto& each : lines)
    on.client.reply(rpl_motd, irc::text{"- " + each});
  on.client.reply(rpl_endofmotd, irc::text{"End of the message of the day"});
}

void mode(context& on, const irc::message& line) {
  auto target = line.param(0);
  if (irc::looks_like_channel(target))
    return channel_mode(on, line);
  if (!irc::same_name(target, on.client.me.nick))
    return on.client.reply(err_usersdontmatch, irc::text{"You cannot change or see the modes of others"});
  if (line.params.size() > 1)
    return user_mode(on, line.param(1));
  on.client.reply(rpl_umodeis, "+" + on.client.me.modes);
}

} // namespace chat
