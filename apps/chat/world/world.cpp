#include <chat/irc/names.hpp>
#include <chat/world/precedence.hpp>
#include <chat/world/world.hpp>

#include <array>
#include <utility>

namespace chat {

namespace {

constexpr std::array<std::pair<std::string_view, registry::key_mode>, 3> scopes{{
    {"nicks", registry::key_mode::unique},
    {"channels", registry::key_mode::duplicate},
    {"topics", registry::key_mode::duplicate},
}};

} // namespace

world::world(server_info about, registry::scope nick_scope, registry::scope channel_scope, registry::scope topic_scope)
    : info(std::move(about)),
      nicks(std::move(nick_scope)),
      channels(std::move(channel_scope)),
      topics(std::move(topic_scope)) {}

std::optional<registry::entry> world::find_nick(std::string_view nick) const {
  auto holders = nicks.lookup(std::string_view{irc::fold(nick)});
  std::optional<registry::entry> best;
  for (const auto& each : holders) {
    if (!best || outranks(claim_in(each.who, each.data), claim_in(best->who, best->data)))
      best = each;
  }
  return best;
}

registry::result<std::shared_ptr<world>> open_world(registry::node& where, server_info info) {
  std::vector<registry::scope> opened;
  for (auto [name, mode] : scopes) {
    auto one = where.open_scope(std::string{name}, mode);
    if (!one) {
      for (const auto& each : opened)
        static_cast<void>(where.close_scope(each.name()));
      return one.error();
    }
    opened.push_back(std::move(one).value());
  }
  return std::make_shared<world>(std::move(info), opened[0], opened[1], opened[2]);
}

void close_world(registry::node& where) {
  for (auto [name, mode] : scopes)
    static_cast<void>(where.close_scope(name));
}

} // namespace chat
