#include <chat/world/topic_keeper.hpp>

#include <algorithm>
#include <string>
#include <unordered_map>
#include <utility>
#include <variant>

namespace chat {

namespace {

/// The keeper's state.
///
/// 1. Of a channel that is empty nothing is kept, and it is not watched unless there is a topic.
/// 2. Only a newer topic replaces the keeper's own, so that keepers on different nodes end with the same one.
class topic_keeper {
public:
  topic_keeper(std::shared_ptr<world> where, registry::member self);

  void look_at_all(const registry::table_snapshot& topics);
  void set(const set_topic& wish);
  void on_events(const registry::events& pending);

private:
  void on_topics(const registry::events& pending);
  void look_at(const std::string& channel);
  void keep(const std::string& channel, const topic& wanted);
  bool watch(const std::string& channel);
  void forget(const std::string& channel);

  std::shared_ptr<world> world_;
  registry::member self_;
  registry::subscription_ref topics_;
  std::unordered_map<std::string, registry::subscription_ref, registry::text_hash> watched_;
};

std::string channel_of(const registry::value& key) {
  return std::string{key.as_string().value_or("")};
}

topic_keeper::topic_keeper(std::shared_ptr<world> where, registry::member self)
    : world_(std::move(where)), self_(std::move(self)) {
  auto all = world_->topics.monitor_scope(self_);
  if (!all)
    return; // the scope has been closed
  topics_ = all.value().reference;
  look_at_all(all.value().snapshot);
}

void topic_keeper::look_at_all(const registry::table_snapshot& topics) {
  topics.for_each([this](const registry::value& key, const registry::group&) { look_at(channel_of(key)); });
}

void topic_keeper::on_events(const registry::events& pending) {
  if (pending.reference() == topics_)
    return on_topics(pending);
  // Whatever happened in the channel: what counts is whether somebody is left.
  static_cast<void>(pending.take());
  auto found = std::ranges::find_if(watched_, [&](const auto& each) { return each.second == pending.reference(); });
  if (found != watched_.end())
    look_at(std::string{found->first});
}

void topic_keeper::on_topics(const registry::events& pending) {
  auto batch = pending.take();
  if (batch.lagged)
    look_at_all(batch.lagged->snapshot);
  for (const auto& change : batch.changes)
    look_at(channel_of(change->key));
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
    static_cast<void>(world_->topics.leave(channel, self_));
  else
    keep(channel, *latest);
}

void topic_keeper::keep(const std::string& channel, const topic& wanted) {
  auto mine = world_->topics.values(channel, self_);
  if (mine.empty()) {
    static_cast<void>(world_->topics.join(channel, self_, registry::to_value(wanted)));
    return;
  }
  auto before = registry::from_value<topic>(mine.front());
  if (!before || is_newer(wanted, before.value()))
    static_cast<void>(world_->topics.update_value(channel, self_, registry::to_value(wanted)));
}

bool topic_keeper::watch(const std::string& channel) {
  if (watched_.contains(channel))
    return true;
  auto watching = world_->channels.monitor(registry::value{channel}, self_);
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

registry::task<> keep_topics(registry::coroutine_self self, std::shared_ptr<world> where) {
  topic_keeper keeper{std::move(where), self.handle()};
  for (;;) {
    auto next = co_await self.receive<set_topic, registry::events, shut_down>();
    if (auto* const wish = std::get_if<set_topic>(&next))
      keeper.set(*wish);
    else if (auto* const pending = std::get_if<registry::events>(&next))
      keeper.on_events(*pending);
    else
      co_return;
  }
}

} // namespace chat
