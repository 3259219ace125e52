#pragma once

#include <chat/world/messages.hpp>
#include <chat/world/world.hpp>

#include <caf/event_based_actor.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace chat {

/// The topic that counts: the newest of all servers'.
std::optional<topic> find_topic(const world& where, std::string_view channel);
/// The newest of a channel's entries.
std::optional<topic> newest_topic(const registry::group& entries);

/// Holds a copy of every topic, as an entry of the scope `topics`, until the channel is empty on every node: so a topic outlives
/// the server on which it was set.
///
/// 1. Of a channel that is empty nothing is kept, and it is not watched unless there is a topic.
/// 2. Only a newer topic replaces the keeper's own, so that keepers on different nodes end with the same one.
class topic_keeper : public caf::event_based_actor {
public:
  topic_keeper(caf::actor_config& config, std::shared_ptr<world> where);

  caf::behavior make_behavior() override;
  void on_exit() override;

private:
  void on_topics(const registry::events& pending);
  void set(const set_topic& wish);
  void look_at(const std::string& channel);
  void keep(const std::string& channel, const topic& wanted);
  bool watch(const std::string& channel);
  void forget(const std::string& channel);

  std::shared_ptr<world> world_;
  registry::subscription_ref topics_;
  std::unordered_map<std::string, registry::subscription_ref> watched_;
};

} // namespace chat
