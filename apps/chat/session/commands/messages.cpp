#include <chat/irc/names.hpp>
#include <chat/session/commands/messages.hpp>
#include <registry/actor/tell.hpp>

namespace chat {

namespace {

using enum irc::numeric;

/// A PRIVMSG or NOTICE on its way. A NOTICE is never answered, not even with an error, so that programs that answer each other
/// cannot go on for ever.
class speech {
public:
  speech(context& on, std::string_view verb, bool answered, std::string_view content)
      : on_(on), verb_(verb), answered_(answered), content_(content) {}

  void to_channel(std::string_view name) const {
    const auto* mine = on_.channels.find(name);
    if (mine == nullptr && on_.world->channels.count(irc::fold(name)) == 0)
      return answer(err_nosuchchannel, name, "No such channel");
    if (mine == nullptr)
      return answer(err_cannotsendtochan, name, "Cannot send to channel: you are not in it");
    // The session itself gets it, too, and drops it: so it is one message for each node and nobody is sorted out here.
    on_.channels.settle();
    on_.world->channels.dispatch(mine->key, registry::dispatch_strategy::all(),
                                 relay{mine->key, on_.client.me.nick, line_to(mine->name), on_.self});
  }

  void to_nick(std::string_view name) const {
    auto receiver = on_.world->find_nick(name);
    if (!receiver)
      return answer(err_nosuchnick, name, "No such nick");
    auto nick = text_in(receiver->data, "nick");
    if (!on_.world->nicks.reachable(*receiver))
      return answer(err_nosuchnick, nick, "The user's server does not answer");
    registry::tell(receiver->who, relay{{}, on_.client.me.nick, line_to(nick), on_.self});
    if (has_text(receiver->data, "away"))
      answer(rpl_away, nick, text_in(receiver->data, "away"));
  }

  void answer(irc::numeric why, std::string_view target, std::string_view text) const {
    if (answered_)
      on_.client.reply(why, target, irc::text{text});
  }

private:
  [[nodiscard]] std::string line_to(std::string_view target) const {
    return irc::compose(prefix_of(on_.client.me), verb_, target, irc::text{content_});
  }

  context& on_;
  std::string_view verb_;
  bool answered_;
  std::string_view content_;
};

void say(context& on, const irc::message& line, std::string_view verb, bool answered) {
  if (line.params.empty() && answered)
    return on.client.reply(err_norecipient, irc::text{"No recipient given (" + std::string{verb} + ")"});
  if (line.param(1).empty() && answered)
    return on.client.reply(err_notexttosend, irc::text{"No text to send"});
  if (line.param(1).empty())
    return;
  speech what{on, verb, answered, line.param(1)};
  std::size_t count = 0;
  for (auto target : irc::split_list(line.param(0))) {
    if (++count > on.world->info.max_targets)
      return what.answer(err_toomanytargets, target, "Too many targets");
    if (irc::looks_like_channel(target))
      what.to_channel(target);
    else
      what.to_nick(target);
  }
}

} // namespace

void privmsg(context& on, const irc::message& line) {
  say(on, line, "PRIVMSG", true);
}

void notice(context& on, const irc::message& line) {
  say(on, line, "NOTICE", false);
}

void away(context& on, const irc::message& line) {
  auto& me = on.client.me;
  me.away.reset();
  if (!line.param(0).empty())
    me.away = irc::cut(line.param(0), on.world->info.max_away);
  on.name.announce(me);
  on.channels.announce();
  if (me.away)
    on.client.reply(rpl_nowaway, irc::text{"You have been marked as being away"});
  else
    on.client.reply(rpl_unaway, irc::text{"You are no longer marked as being away"});
}

} // namespace chat
