#pragma once

#include <chat/world/messages.hpp>
#include <chat/world/world.hpp>

#include <registry/coro/self.hpp>
#include <registry/coro/task.hpp>

#include <memory>
#include <optional>
#include <string_view>

namespace chat {

/// The topic that counts: the newest of all servers'.
std::optional<topic> find_topic(const world& where, std::string_view channel);
/// The newest of a channel's entries.
std::optional<topic> newest_topic(const registry::group& entries);

/// The topic keeper, a coroutine actor: holds a copy of every topic, as an entry of the scope `topics`, until the channel is empty
/// on every node; so a topic outlives the server on which it was set. Ends when it is told to `shut_down`.
registry::task<> keep_topics(registry::coroutine_self self, std::shared_ptr<world> where);

} // namespace chat
