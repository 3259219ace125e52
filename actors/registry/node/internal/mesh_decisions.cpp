#include <registry/actor/tell.hpp>
#include <registry/log/internal/log.hpp>
#include <registry/node/internal/mesh.hpp>
#include <registry/node/internal/messages.hpp>

#include <boost/hana/functional/overload.hpp>

#include <string_view>
#include <utility>

#include <sys/socket.h>

// Carries out what the membership decides.

namespace registry::inline v0_2 {

namespace {

/// The first version of the protocol whose heartbeats say the time.
constexpr std::uint8_t version_with_clock = 2;

reason reason_of(down_reason why) {
  return why == down_reason::drained ? reason::drained : reason::node_down;
}

std::string_view describe(down_reason why) {
  switch (why) {
  case down_reason::lost:
    return "it was silent for too long";
  case down_reason::refused:
    return "the link is lost, and nobody listens at its address";
  case down_reason::replaced:
    return "another process answers at its address";
  case down_reason::drained:
    return "it has left the cluster";
  }
  return "";
}

} // namespace

void mesh::act() {
  for (auto actions = membership_->take_actions(); !actions.empty(); actions = membership_->take_actions()) {
    for (const auto& one : actions)
      carry_out(one);
  }
}

void mesh::carry_out(const membership_action& what) {
  std::visit(
      boost::hana::overload(
          [&](const action::dial& x) {
            seeds_->dialled(x.where, x.number);
            service_->dial(x.where, x.number);
          },
          [&](const action::close& x) { close(x.link); }, [&](const action::send_heartbeats& x) { send_heartbeats(x); },
          [&](const action::peer_up& x) {
            routes_->call(x.peer, membership_->label_of(x.peer));
            internal::log_info("node {} is linked", membership_->label_of(x.peer));
          },
          [&](const action::use_link& x) {
            used_[x.peer] = x.link;
            clocks_.forget(x.peer);
            announce(x.link);
          },
          [&](const action::peer_suspect& x) {
            suspected_.insert_or_assign(x.peer, now());
            internal::log_warning("node {} is unreachable: {}; its entries are flagged and stay for now",
                                  membership_->label_of(x.peer),
                                  membership_->link_of(x.peer) != 0 ? "it is silent" : "the link is lost, " + why_lost_);
            routes_->set_silent(x.peer, true);
            for_each_scope([&](scope_state& scope) { scope.peer_suspect(x.peer); });
          },
          [&](const action::peer_alive_again& x) {
            const auto since = suspected_.extract(x.peer);
            const std::chrono::duration<double> silence = since.empty() ? instant{} : now() - since.mapped();
            internal::log_info("node {} has recovered, {:.1f} s after it became unreachable", membership_->label_of(x.peer),
                               silence.count());
            routes_->set_silent(x.peer, false);
            for_each_scope([&](scope_state& scope) { scope.peer_alive_again(x.peer); });
          },
          [&](const action::lose_link& x) { for_each_scope([&](scope_state& scope) { scope.peer_unlinked(x.peer); }); },
          [&](const action::peer_down& x) {
            const auto level = x.why == down_reason::drained ? spdlog::level::info : spdlog::level::warn;
            internal::write_log(level, fmt::format("node {} is gone: {}; its entries leave", membership_->label_of(x.peer),
                                                   describe(x.why)));
            used_.erase(x.peer);
            suspected_.erase(x.peer);
            clocks_.forget(x.peer);
            routes_->forget(x.peer);
            for_each_scope([&](scope_state& scope) { scope.peer_down(x.peer, reason_of(x.why)); });
          },
          [&](const action::warn& x) { internal::log_warning("{}", x.text); }),
      what);
}

void mesh::send_heartbeats(const action::send_heartbeats& what) {
  const auto bytes = encode(what.content);
  clocks_.begin_round(now(), wall_clock());
  for (const auto link : what.links) {
    const auto found = links_.find(link);
    if (found == links_.end() || found->second.way.remote == nullptr)
      continue;
    auto said = bytes;
    if (found->second.shared->version >= version_with_clock)
      add_clock(said, clocks_.stamp_for(found->second.shared->info.peer, now()));
    const auto& way = found->second.way;
    if (way.channel == nullptr || !way.channel->send_heartbeat(said))
      registry::tell(way.remote, heartbeat_message{{reinterpret_cast<const char*>(said.data()), said.size()}});
  }
}

void mesh::close(link_id link) {
  if (const auto found = links_.find(link); found != links_.end())
    end(found);
}

void mesh::end(std::map<link_id, open_link>::iterator link) {
  if (auto actor = forget(link).actor) {
    registry::shut_down(actor);
    ended_.push_back(std::move(actor));
  }
}

mesh::open_link mesh::forget(std::map<link_id, open_link>::iterator link) {
  auto out = std::move(link->second);
  links_.erase(link);
  links_changed_.notify_all();
  ::shutdown(out.socket.descriptor(), SHUT_RDWR);
  if (out.way.remote != nullptr)
    routes_->erase(out.shared->info.peer, out.way.remote);
  return out;
}

} // namespace registry::inline v0_2
