#include <apps/chat/support/session_user.hpp>

#include <chat/world/topic_keeper.hpp>

#include <registry/actor/tell.hpp>
#include <registry/coro/spawn.hpp>

#include <stdexcept>

namespace chat::testing {

namespace compat = registry::compat;

namespace {

/// No test waits for a tick; those that need one send it.
constexpr std::chrono::hours no_tick{1};

} // namespace

void kept_lines::write(std::string_view line) {
  std::lock_guard guard{mutex_};
  if (!closed_)
    lines_.emplace_back(line);
  changed_.notify_all();
}

void kept_lines::acknowledge() {
  std::lock_guard guard{mutex_};
  ++acknowledged_;
}

void kept_lines::close() {
  std::lock_guard guard{mutex_};
  closed_ = true;
  changed_.notify_all();
}

std::optional<std::string> kept_lines::next() {
  std::unique_lock guard{mutex_};
  if (!changed_.wait_for(guard, std::chrono::minutes{1}, [&] { return closed_ || !lines_.empty(); }))
    throw std::runtime_error("no line came for a minute");
  if (lines_.empty())
    return std::nullopt;
  auto line = std::move(lines_.front());
  lines_.pop_front();
  return line;
}

std::size_t kept_lines::acknowledged() const {
  std::lock_guard guard{mutex_};
  return acknowledged_;
}

chat_world::chat_world(server_info info, const registry::cluster_options& cluster)
    : home(registry::node::start(system, cluster).value()), shared(open_world(home, std::move(info)).value()) {
  shared->keeper = registry::as_member(registry::spawn_coroutine(system, keep_topics, shared));
}

chat_world::~chat_world() {
  for (const auto& each : sessions->all())
    registry::tell(each, shut_down{"The test ends"});
  sessions->wait_until_empty(std::chrono::minutes{1});
  registry::tell(shared->keeper, shut_down{});
  shared->keeper = nullptr;
  home.stop();
}

void chat_world::flush() const {
  shared->channels.flush();
  shared->topics.flush();
}

session_user::session_user(chat_world& where)
    : session_(start_session(where.system, {where.shared, lines_, where.sessions, "host.test", no_tick})) {}

session_user::session_user(chat_world& where, const std::string& nick, const std::vector<std::string>& channels)
    : session_user(where) {
  log_in(nick);
  for (const auto& channel : channels)
    join(channel);
}

void session_user::send(std::string_view line) {
  registry::tell(session_, line_received{std::string{line}, false});
}

} // namespace chat::testing
