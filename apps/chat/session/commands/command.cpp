#include <chat/irc/names.hpp>
#include <chat/session/commands/channels.hpp>
#include <chat/session/commands/command.hpp>
#include <chat/session/commands/messages.hpp>
#include <chat/session/commands/queries.hpp>
#include <chat/session/commands/registration.hpp>

#include <algorithm>
#include <array>

namespace chat {

namespace {

using enum irc::numeric;

constexpr std::array commands{
    command{"AWAY", 0, true, away},      command{"CAP", 1, false, capabilities},
    command{"ISON", 1, true, ison},      command{"JOIN", 1, true, join},
    command{"LIST", 0, true, list},      command{"LUSERS", 0, true, lusers},
    command{"MODE", 1, true, mode},      command{"MOTD", 0, true, motd},
    command{"NAMES", 0, true, names},    command{"NICK", 0, false, nick},
    command{"NOTICE", 0, true, notice},  command{"PART", 1, true, part},
    command{"PASS", 1, false, password}, command{"PING", 0, false, ping},
    command{"PONG", 0, false, pong},     command{"PRIVMSG", 0, true, privmsg},
    command{"QUIT", 0, false, quit},     command{"TOPIC", 1, true, set_or_show_topic},
    command{"USER", 4, false, user},     command{"USERHOST", 1, true, userhost},
    command{"WHO", 0, true, who},        command{"WHOIS", 0, true, whois},
};

static_assert(std::ranges::is_sorted(commands, {}, &command::name));

} // namespace

const command* find_command(std::string_view name) noexcept {
  const auto* found = std::ranges::lower_bound(commands, name, {}, &command::name);
  return found != commands.end() && found->name == name ? found : nullptr;
}

void execute(context& on, std::string_view line) {
  auto parsed = irc::parse(line);
  if (!parsed)
    return;
  auto name = irc::upper(parsed->command);
  const auto* wanted = find_command(name);
  if (!on.registered && (wanted == nullptr || wanted->needs_registration))
    return on.client.reply(err_notregistered, irc::text{"You have not registered"});
  if (wanted == nullptr)
    return on.client.reply(err_unknowncommand, name, irc::text{"Unknown command"});
  if (parsed->params.size() < wanted->min_params)
    return on.client.reply(err_needmoreparams, name, irc::text{"Not enough parameters"});
  wanted->run(on, *parsed);
}

} // namespace chat
