#include <registry/actor/tell.hpp>
#include <registry/node/internal/messages.hpp>
#include <registry/node/internal/routes.hpp>

#include <utility>

namespace registry::inline v0_2 {

namespace {

/// With more peers one wake-up of the multiplexer's thread takes the caller less time than writing to each of them.
constexpr std::size_t few = 2;

} // namespace

void routes::set(const incarnation& peer, const link_way& way) {
  const std::lock_guard guard(lock_);
  by_peer_.insert_or_assign(peer, way);
  by_node_.insert_or_assign(way.remote->node(), route{way});
}

void routes::erase(const incarnation& peer, const member& remote) {
  const std::lock_guard guard(lock_);
  if (const auto found = by_peer_.find(peer); found != by_peer_.end() && found->second.remote.get() == remote.get())
    by_peer_.erase(found);
  if (const auto found = by_node_.find(remote->node());
      found != by_node_.end() && found->second.way.remote.get() == remote.get())
    by_node_.erase(found);
}

void routes::set_silent(const incarnation& peer, bool silent) {
  const std::lock_guard guard(lock_);
  const auto found = by_peer_.find(peer);
  if (found == by_peer_.end())
    return;
  if (const auto way = by_node_.find(found->second.remote->node()); way != by_node_.end()) {
    way->second.silent = silent;
    way->second.waiting = 0;
  }
}

void routes::call(const incarnation& peer, std::string name) {
  const std::lock_guard guard(lock_);
  names_.insert_or_assign(peer, std::move(name));
}

void routes::forget(const incarnation& peer) {
  const std::lock_guard guard(lock_);
  names_.erase(peer);
}

std::string routes::describe(const incarnation& peer) const {
  const std::lock_guard guard(lock_);
  const auto found = names_.find(peer);
  return found == names_.end() ? to_string(peer) : found->second;
}

void routes::send(const incarnation& peer, frame content) {
  using pace = internal::frame_channel::pace;
  link_way to;
  auto how = pace::soon;
  {
    const std::lock_guard guard(lock_);
    if (const auto found = by_peer_.find(peer); found != by_peer_.end())
      to = found->second;
    if (by_peer_.size() <= few)
      how = pace::at_once;
  }
  if (to.channel != nullptr && to.channel->send(content, how))
    return;
  const std::string bytes(reinterpret_cast<const char*>(content.bytes.data()), content.bytes.size());
  registry::tell(to.remote, frame_message{bytes, std::move(content.handles)});
}

bool routes::accepts(const caf::node_id& node) const {
  const std::lock_guard guard(lock_);
  const auto found = by_node_.find(node);
  return found != by_node_.end() && !found->second.is_full();
}

bool routes::fan_out(std::vector<member> members, const caf::message& content, const changes_before& after) {
  link_way to;
  {
    const std::lock_guard guard(lock_);
    const auto found = by_node_.find(members.front()->node());
    if (found == by_node_.end() || found->second.is_full())
      return false;
    found->second.waiting += found->second.silent ? 1 : 0;
    to = found->second.way;
  }
  if (to.holds_messages)
    registry::tell(to.remote,
                   ordered_fan_out_message{std::move(members), after.scope, after.place.epoch, after.place.commit, content});
  else
    registry::tell(to.remote, fan_out_message{std::move(members), content});
  if (to.channel != nullptr)
    to.channel->fence();
  return true;
}

} // namespace registry::inline v0_2
