#pragma once

#include <chat/world/messages.hpp>
#include <chat/world/world.hpp>

#include <caf/event_based_actor.hpp>

#include <memory>
#include <optional>
#include <string_view>
#include <unordered_map>

namespace chat {

/// The topic that counts: the newest of all servers'.
std::optional<topic> find_topic(const world& where, std::string_view channel);
/// The newest of a channel's entries.
std::optional<topic> newest_topic(const registry::group& entries);

/// Holds the topics that were set on this server, as entries of the scope `topics`, each until its channel is empty on every
/// node.
class topic_keeper : public caf::event_based_actor {
public:
  topic_keeper(caf::actor_config& config, std::shared_ptr<world> where);

  caf::behavior make_behavior() override;
  void on_exit() override;

private:
  void keep(const set_topic& wish);
  bool watch(const std::string& channel);
  void drop_if_empty(const std::string& channel);

  std::shared_ptr<world> world_;
  std::unordered_map<std::string, registry::subscription_ref> kept_;
};

} // namespace chat
