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
  if (auto all = world_->topics.monitor_scope(this)) {
    topics_ = all.value().reference;
    all.value().snapshot.for_each(
        [this](const registry::value& key, const registry::group&) { look_at(std::string{key.as_string().value_or("")}); });
  }
  return {
      [this](const set_topic& wish) { set(wish); },
      [this](const registry::events& pending) {
        if (pending.reference() == topics_)
          return on_topics(pending);
        // Whatever happened in the channel: what counts is whether somebody is left.
        static_cast<void>(pending.take());
        auto found = std::ranges::find_if(watched_, [&](const auto& each) { return each.second == pending.reference(); });
        if (found != watched_.end())
          look_at(std::string{found->first});
      },
      [this](const shut_down&) { quit(); },
  };
}

void topic_keeper::on_exit() {
  world_.reset();
}

void topic_keeper::on_topics(const registry::events& pending) {
  auto batch = pending.take();
  if (batch.lagged) {
    batch.lagged->snapshot.for_each(
        [this](const registry::value& key, const registry::group&) { look_at(std::string{key.as_string().value_or("")}); });
  }
  for (const auto& change : batch.changes)
    look_at(std::string{change->key.as_string().value_or("")});
}

void topic_keeper::set(const set_topic& wish) {
  // Later than all that is known, so that the last one wins also where clocks differ.
  auto latest = find_topic(*world_, wish.channel);
  keep(wish.channel, {wish.text, wish.by, latest ? std::max(milliseconds_now(), latest->at + 1) : milliseconds_now()});
  look_at(wish.channel);
}

void topic_keeper::look_at(const std::string& channel) {
  auto latest = find_topic(*world_, channel);
  if (!latest)
    return forget(channel);
  // A topic may become known before those are who are in the channel.
  if (!watch(channel))
    return;
  if (world_->channels.count(registry::value{channel}) == 0)
    static_cast<void>(world_->topics.leave(channel, this));
  else
    keep(channel, *latest);
}

void topic_keeper::keep(const std::string& channel, const topic& wanted) {
  auto mine = world_->topics.values(channel, this);
  if (mine.empty()) {
    static_cast<void>(world_->topics.join(channel, this, registry::to_value(wanted)));
    return;
  }
  auto before = registry::from_value<topic>(mine.front());
  if (!before || is_newer(wanted, before.value()))
    static_cast<void>(world_->topics.update_value(channel, this, registry::to_value(wanted)));
}

bool topic_keeper::watch(const std::string& channel) {
  if (watched_.contains(channel))
    return true;
  auto watching = world_->channels.monitor(registry::value{channel}, this);
  if (watching)
    watched_.emplace(channel, watching.value().reference);
  return watching.has_value();
}

void topic_keeper::forget(const std::string& channel) {
  auto found = watched_.find(channel);
  if (found == watched_.end())
    return;
  static_cast<void>(world_->channels.demonitor(found->second));
  watched_.erase(found);
}

} // namespace chat
