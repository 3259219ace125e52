#include <chat/world/topic_keeper.hpp>

#include <algorithm>
#include <chrono>

namespace chat {

namespace {

std::int64_t milliseconds_now() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

} // namespace

std::optional<topic> newest_topic(const registry::group& entries) {
  std::optional<topic> newest;
  for (const auto& each : entries) {
    auto found = registry::from_value<topic>(each.data);
    if (found && (!newest || is_newer(found.value(), *newest)))
      newest = std::move(found).value();
  }
  return newest;
}

std::optional<topic> find_topic(const world& where, std::string_view channel) {
  return newest_topic(where.topics.lookup(channel));
}

topic_keeper::topic_keeper(caf::actor_config& config, std::shared_ptr<world> where)
    : caf::event_based_actor(config), world_(std::move(where)) {}

caf::behavior topic_keeper::make_behavior() {
  return {
      [this](const set_topic& wish) { keep(wish); },
      [this](registry::events& pending) {
        // Whatever happened in the channel: what counts is whether somebody is left.
        static_cast<void>(pending.take());
        auto found = std::ranges::find_if(kept_, [&](const auto& each) { return each.second == pending.reference(); });
        if (found != kept_.end())
          drop_if_empty(std::string{found->first});
      },
      [this](const shut_down&) { quit(); },
  };
}

void topic_keeper::on_exit() {
  world_.reset();
}

void topic_keeper::keep(const set_topic& wish) {
  registry::value key{wish.channel};
  // Later than all that is known, so that the last one wins also where clocks differ.
  auto latest = find_topic(*world_, wish.channel);
  topic wanted{wish.text, wish.by, latest ? std::max(milliseconds_now(), latest->at + 1) : milliseconds_now()};
  auto data = registry::to_value(wanted);
  if (kept_.contains(wish.channel)) {
    static_cast<void>(world_->topics.update_value(key, this, data));
    return;
  }
  if (watch(wish.channel)) {
    static_cast<void>(world_->topics.join(key, this, data));
    drop_if_empty(wish.channel);
  }
}

bool topic_keeper::watch(const std::string& channel) {
  auto watching = world_->channels.monitor(registry::value{channel}, this);
  if (watching)
    kept_.emplace(channel, watching.value().reference);
  return watching.has_value();
}

void topic_keeper::drop_if_empty(const std::string& channel) {
  auto kept = kept_.find(channel);
  registry::value key{channel};
  if (kept == kept_.end() || world_->channels.count(key) > 0)
    return;
  static_cast<void>(world_->channels.demonitor(kept->second));
  static_cast<void>(world_->topics.leave(key, this));
  kept_.erase(kept);
}

} // namespace chat
