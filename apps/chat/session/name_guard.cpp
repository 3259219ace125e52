#include <chat/irc/names.hpp>
#include <chat/session/name_guard.hpp>
#include <chat/world/person.hpp>
#include <chat/world/precedence.hpp>

#include <utility>

namespace chat {

name_guard::name_guard(std::shared_ptr<world> where, registry::member self)
    : world_(std::move(where)), self_(std::move(self)) {}

bool name_guard::is_taken(std::string_view nick) const {
  for (const auto& each : world_->nicks.lookup(std::string_view{irc::fold(nick)})) {
    if (!registry::same_member(each.who, self_))
      return true;
  }
  return false;
}

// Subscribing comes before the last look at who has the name: whoever takes it later is seen by the subscription.
bool name_guard::claim(person& as) {
  end(claimed_);
  auto name = irc::fold(as.nick);
  as.since = milliseconds_now();
  if (is_taken(name) || !world_->nicks.join(name, self_, registry::to_value(as)))
    return false;
  auto watching = world_->nicks.monitor(registry::value{name}, self_);
  if (!watching) {
    static_cast<void>(world_->nicks.leave(name, self_));
    return false;
  }
  claimed_ = hold{name, watching.value().reference};
  if (!better_than_mine(name))
    return true;
  end(claimed_);
  return false;
}

void name_guard::settle() {
  end(held_);
  held_ = std::exchange(claimed_, std::nullopt);
}

void name_guard::announce(const person& as) {
  if (held_)
    static_cast<void>(world_->nicks.update_value(held_->name, self_, registry::to_value(as)));
}

void name_guard::release() {
  end(claimed_);
  end(held_);
}

void name_guard::end(std::optional<hold>& which) {
  if (!which)
    return;
  static_cast<void>(world_->nicks.demonitor(which->reference));
  static_cast<void>(world_->nicks.leave(which->name, self_));
  which.reset();
}

bool name_guard::on_events(const registry::events& pending) {
  if (!held_ || pending.reference() != held_->reference)
    return false;
  // Whatever happened: what counts is who has the name now.
  static_cast<void>(pending.take());
  return true;
}

std::optional<registry::entry> name_guard::lost_to() const {
  return held_ ? better_than_mine(held_->name) : std::nullopt;
}

std::optional<registry::entry> name_guard::better_than_mine(const std::string& name) const {
  auto holders = world_->nicks.lookup(std::string_view{name});
  std::optional<chat::claim> mine;
  for (const auto& each : holders) {
    if (registry::same_member(each.who, self_))
      mine = claim_in(each.who, each.data);
  }
  for (const auto& each : holders) {
    if (mine && !registry::same_member(each.who, self_) && outranks(claim_in(each.who, each.data), *mine))
      return each;
  }
  return std::nullopt;
}

} // namespace chat
