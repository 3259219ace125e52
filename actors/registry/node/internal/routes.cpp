#include <registry/actor/tell.hpp>
#include <registry/node/internal/messages.hpp>
#include <registry/node/internal/routes.hpp>

#include <utility>

namespace registry {

void routes::set(const incarnation& peer, const member& remote) {
  const std::lock_guard guard(lock_);
  by_peer_.insert_or_assign(peer, remote);
  by_node_.insert_or_assign(remote->node(), remote);
}

void routes::erase(const incarnation& peer, const member& remote) {
  const std::lock_guard guard(lock_);
  if (const auto found = by_peer_.find(peer); found != by_peer_.end() && found->second.get() == remote.get())
    by_peer_.erase(found);
  if (const auto found = by_node_.find(remote->node()); found != by_node_.end() && found->second.get() == remote.get())
    by_node_.erase(found);
}

void routes::send(const incarnation& peer, frame content) {
  member to;
  {
    const std::lock_guard guard(lock_);
    if (const auto found = by_peer_.find(peer); found != by_peer_.end())
      to = found->second;
  }
  const std::string bytes(reinterpret_cast<const char*>(content.bytes.data()), content.bytes.size());
  registry::tell(to, frame_message{bytes, std::move(content.handles)});
}

void routes::fan_out(std::vector<member> members, const caf::message& content) {
  member to;
  {
    const std::lock_guard guard(lock_);
    if (const auto found = by_node_.find(members.front()->node()); found != by_node_.end())
      to = found->second;
  }
  registry::tell(to, fan_out_message{std::move(members), content});
}

} // namespace registry
