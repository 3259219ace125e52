#include <chat/session/commands/command.hpp>
#include <chat/session/session.hpp>

#include <utility>

namespace chat {

session::session(std::shared_ptr<world> where, registry::member self, std::shared_ptr<sink> out, std::string host)
    : context_{where, std::move(self), std::move(out), std::move(host)} {
  ++context_.world->clients;
}

session::~session() {
  depart(context_, "Connection lost");
  --context_.world->clients;
}

void session::on_line(std::string_view line) {
  heard_ = true;
  execute(context_, line);
}

void session::on_long_line() {
  heard_ = true;
  context_.client.reply(irc::numeric::err_inputtoolong, irc::text{"Input line was too long"});
}

void session::on_connection_end(std::string_view reason) {
  depart(context_, reason);
}

void session::on_shut_down(std::string_view reason) {
  depart(context_, reason);
}

void session::on_tick() {
  if (!context_.registered)
    return depart(context_, "Registration timeout");
  if (std::exchange(heard_, false)) {
    asked_ = false;
    return;
  }
  if (asked_)
    return depart(context_, "Ping timeout");
  asked_ = true;
  context_.client.send(irc::format({}, "PING", irc::text{context_.client.server()}));
}

void session::on_events(const registry::events& pending) {
  if (!context_.name.on_events(pending))
    return context_.channels.on_events(pending);
  if (auto holder = context_.name.lost_to())
    collide(context_, *holder);
}

void session::on_relay(const relay& what) {
  if (what.channel.empty())
    context_.client.send(what.line);
  else
    context_.channels.on_relay(what);
}

} // namespace chat
