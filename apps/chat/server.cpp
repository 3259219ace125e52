#include <chat/server.hpp>
#include <chat/session/session.hpp>
#include <chat/world/topic_keeper.hpp>

#include <registry/actor/tell.hpp>
#include <registry/coro/spawn.hpp>

#include <caf/actor_system.hpp>

#include <fmt/chrono.h>
#include <spdlog/spdlog.h>

#include <ctime>
#include <utility>

namespace chat {

namespace {

/// The time limit for sessions to end; they only have to say goodbye.
constexpr std::chrono::milliseconds goodbye_time{10'000};

} // namespace

registry::result<std::unique_ptr<server>> server::start(registry::node& where, server_options options) {
  if (options.info.created.empty())
    options.info.created = fmt::format("{:%Y-%m-%d %H:%M:%S} UTC", fmt::gmtime(std::time(nullptr)));
  auto shared = open_world(where, std::move(options.info));
  if (!shared)
    return shared.error();
  std::unique_ptr<server> result{new server{where, options.tick, std::move(shared).value()}};
  auto listening = listener::open(options.listen, [server = result.get()](const std::shared_ptr<connection>& accepted) {
    return server->begin_session(accepted);
  });
  if (!listening)
    return listening.error();
  result->listener_ = std::move(listening).value();
  return result;
}

server::server(registry::node& where, std::chrono::milliseconds tick, std::shared_ptr<world> shared)
    : node_(&where), tick_(tick), world_(std::move(shared)) {
  world_->keeper = registry::as_member(registry::spawn_coroutine(node_->system(), keep_topics, world_));
}

server::~server() {
  stop();
}

connection_handlers server::begin_session(const std::shared_ptr<connection>& with) {
  spdlog::debug("connection from {}", with->remote_host());
  auto session = start_session(node_->system(), {world_, with, sessions_, with->remote_host(), tick_});
  return {
      [session](irc::input_line line) { registry::tell(session, line_received{std::move(line.content), line.too_long}); },
      [session, host = with->remote_host()](std::string_view reason) {
        spdlog::debug("connection from {} ended: {}", host, reason);
        registry::tell(session, connection_ended{std::string{reason}});
      },
  };
}

void server::stop() {
  if (!world_)
    return;
  if (listener_)
    listener_->stop_accepting();
  for (const auto& each : sessions_->all())
    registry::tell(each, shut_down{"Server shutting down"});
  if (!sessions_->wait_until_empty(goodbye_time))
    spdlog::error("{} sessions did not end in time", sessions_->size());
  if (listener_)
    listener_->stop();
  registry::tell(world_->keeper, shut_down{});
  world_->keeper = nullptr;
  close_world(*node_);
  world_.reset();
}

} // namespace chat
