#include <chat/irc/names.hpp>
#include <chat/session/commands/channels.hpp>
#include <chat/world/topic_keeper.hpp>
#include <registry/actor/tell.hpp>

#include <algorithm>

namespace chat {

namespace {

using enum irc::numeric;

void show_topic(context& on, std::string_view channel, const std::optional<topic>& what) {
  if (!what || what->text.empty())
    return on.client.reply(rpl_notopic, channel, irc::text{"No topic is set"});
  on.client.reply(rpl_topic, channel, irc::text{what->text});
  on.client.reply(rpl_topicwhotime, channel, what->by, std::to_string(what->at / 1000));
}

/// As many lines as it takes to list the members of a channel.
void show_names(context& on, std::string_view channel, std::vector<std::string> nicks) {
  std::ranges::sort(nicks);
  const auto head = irc::compose(on.client.server(), rpl_namreply, on.client.me.nick, "=", channel, irc::text{});
  std::string line = head;
  for (const auto& each : nicks) {
    if (line.size() > head.size() && line.size() + 1 + each.size() > irc::max_line) {
      on.client.send(line);
      line = head;
    }
    line += line.size() > head.size() ? " " + each : each;
  }
  if (!nicks.empty())
    on.client.send(line);
  on.client.reply(rpl_endofnames, channel, irc::text{"End of NAMES list"});
}

/// The members of the channel: for a member as it has been told until now, for others as it is now.
void show_names_of(context& on, std::string_view name) {
  std::vector<std::string> nicks;
  if (const auto* mine = on.channels.find(name)) {
    for (const auto& each : on.channels.members(*mine))
      nicks.emplace_back(text_in(each, "nick"));
    return show_names(on, mine->name, std::move(nicks));
  }
  for (const auto& each : on.world->channels.lookup(std::string_view{irc::fold(name)}))
    nicks.emplace_back(text_in(each.data, "nick"));
  show_names(on, name, std::move(nicks));
}

void join_one(context& on, std::string_view name) {
  if (!irc::is_channel(name))
    return on.client.reply(err_nosuchchannel, name, irc::text{"No such channel"});
  if (on.channels.find(name) != nullptr)
    return;
  if (on.channels.size() >= std::min(on.world->info.max_channels, roster::max_channels))
    return on.client.reply(err_toomanychannels, name, irc::text{"You have joined too many channels"});
  auto joined = on.channels.join(name);
  if (!joined)
    return on.client.tell("NOTICE", on.client.me.nick, irc::text{registry::to_string(joined.error())});
  const auto& channel = *joined.value();
  on.client.echo("JOIN", channel.name);
  if (channel.shown && !channel.shown->text.empty())
    show_topic(on, channel.name, channel.shown);
  show_names_of(on, channel.name);
}

void list_one(context& on, const registry::value& key, const registry::group& members) {
  auto topic = find_topic(*on.world, key.as_string().value_or(""));
  on.client.reply(rpl_list, text_in(members[0].data, "channel"), std::to_string(members.size()),
                  irc::text{topic ? std::string_view{topic->text} : std::string_view{}});
}

} // namespace

void join(context& on, const irc::message& line) {
  if (line.param(0) == "0")
    return on.channels.part_all();
  for (auto name : irc::split_list(line.param(0)))
    join_one(on, name);
}

void part(context& on, const irc::message& line) {
  auto farewell = line.params.size() > 1 ? std::optional<std::string>{line.param(1)} : std::nullopt;
  for (auto name : irc::split_list(line.param(0))) {
    if (const auto* mine = on.channels.find(name))
      on.channels.part(*mine, farewell);
    else if (on.world->channels.count(irc::fold(name)) > 0)
      on.client.reply(err_notonchannel, name, irc::text{"You're not on that channel"});
    else
      on.client.reply(err_nosuchchannel, name, irc::text{"No such channel"});
  }
}

void set_or_show_topic(context& on, const irc::message& line) {
  auto name = line.param(0);
  const auto* mine = on.channels.find(name);
  if (mine == nullptr && on.world->channels.count(irc::fold(name)) == 0)
    return on.client.reply(err_nosuchchannel, name, irc::text{"No such channel"});
  if (line.params.size() < 2)
    return show_topic(on, mine ? mine->name : name, find_topic(*on.world, irc::fold(name)));
  if (mine == nullptr)
    return on.client.reply(err_notonchannel, name, irc::text{"You're not on that channel"});
  // The topic's event tells everybody in the channel, the client included.
  auto text = irc::cut(line.param(1), on.world->info.max_topic);
  registry::tell(on.world->keeper, set_topic{mine->key, std::string{text}, prefix_of(on.client.me)});
}

void names(context& on, const irc::message& line) {
  if (line.params.empty())
    return on.client.reply(rpl_endofnames, "*", irc::text{"End of NAMES list"});
  for (auto name : irc::split_list(line.param(0)))
    show_names_of(on, name);
}

void list(context& on, const irc::message& line) {
  on.client.reply(rpl_liststart, "Channel", irc::text{"Users  Name"});
  auto left = on.world->info.max_list;
  if (line.params.empty()) {
    on.world->channels.snapshot().for_each([&](const registry::value& key, const registry::group& members) {
      if (left > 0) {
        --left;
        list_one(on, key, members);
      }
    });
  }
  for (auto name : irc::split_list(line.param(0))) {
    registry::value key{irc::fold(name)};
    if (auto members = on.world->channels.lookup(key); !members.empty())
      list_one(on, key, members);
  }
  on.client.reply(rpl_listend, irc::text{left > 0 ? "End of LIST" : "End of LIST; there may be more channels"});
}

} // namespace chat
