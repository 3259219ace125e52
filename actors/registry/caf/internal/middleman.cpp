#include <registry/actor/tell.hpp>
#include <registry/caf/internal/middleman.hpp>
#include <registry/caf/internal/node_name.hpp>
#include <registry/compat/actor.hpp>

#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/io/abstract_broker.hpp>
#include <caf/io/basp_broker.hpp>
#include <caf/io/doorman.hpp>
#include <caf/io/middleman.hpp>
#include <caf/node_id.hpp>

#include <cstdint>
#include <set>
#include <utility>

namespace registry::inline v0_2::internal {

namespace {

// CAF looks up the actor of an accepted connection by a port. Nothing listens there; the port is only a name.
constexpr std::uint16_t port = 1;

caf::actor basp_broker(caf::actor_system& system) {
#if REGISTRY_CAF_0_17
  return system.middleman().named_broker<caf::io::basp_broker>(caf::atom("BASP"));
#else
  return system.middleman().named_broker<caf::io::basp_broker>("BASP");
#endif
}

caf::io::scribe_ptr scribe_for(caf::actor_system& system, link_stream stream, bool dialler) {
  stream.ends.dialler = dialler;
  return make_link_scribe(system, std::move(stream));
}

/// CAF lists the connections of a broker, and not the ports.
struct open_doors : caf::io::abstract_broker {
  static std::vector<std::uint16_t> of(caf::io::abstract_broker& broker) {
    doorman_map& (caf::io::abstract_broker::*all)(caf::io::accept_handle) = &open_doors::get_map;
    std::vector<std::uint16_t> out;
    for (const auto& [handle, door] : (broker.*all)({}))
      out.push_back(door->port());
    return out;
  }
};

} // namespace

middleman::middleman(caf::actor_system& system, std::chrono::nanoseconds poll_time)
    : system_(&system),
      broker_(basp_broker(system)),
      calls_(std::make_shared<multiplexer_calls>(system)),
      polls_{{new frame_pause(system, poll_time), false}, {new wake_poll(system, poll_time), false}} {}

bool middleman::is_loaded(const caf::actor_system& system) noexcept {
  return system.has_middleman();
}

link_stream middleman::stream(int socket, const std::string& node, const member& link_actor) const {
  link_stream out;
  out.socket = socket;
  out.calls = calls_;
  out.ends.self = encoded_node(*system_, to_string(system_->node()));
  out.ends.peer = encoded_node(*system_, node);
  out.ends.link_actor = link_actor->id();
  static_cast<void>(parse(node, out.node));
#if !REGISTRY_CAF_0_17
  out.ends.dialect = basp_dialect::caf_1;
  out.ends.type_name = [](std::uint16_t number) { return caf::query_type_name(number); };
#endif
  return out;
}

std::shared_ptr<frame_channel> middleman::channel(const std::string& node, frame_channel::handlers on) const {
  return std::make_shared<frame_channel>(*system_, broker_, node, polls_, std::move(on));
}

void middleman::accept(link_stream stream, const member& whom) const {
  registry::tell(broker_, caf::publish_atom_v, scribe_for(*system_, std::move(stream), false), port, whom,
                 std::set<std::string>{});
  // The other side has the handle now, so CAF need not keep the actor under that name.
  registry::tell(broker_, caf::close_atom_v, port);
}

void middleman::connect(caf::event_based_actor* self, link_stream stream, std::chrono::milliseconds timeout, connected then,
                        failed otherwise) const {
  compat::request(self, broker_, timeout, caf::connect_atom_v, scribe_for(*system_, std::move(stream), true), port)
      .then([then = std::move(then)](const caf::node_id&, const caf::strong_actor_ptr& remote,
                                     const std::set<std::string>&) { then(remote); },
            [otherwise = std::move(otherwise)](const caf::error& why) { otherwise(why); });
}

void middleman::is_connected(caf::event_based_actor* self, const std::string& node, std::function<void(bool)> then) const {
  caf::node_id id;
  if (parse(node, id)) {
    then(false);
    return;
  }
  compat::request(self, broker_, std::chrono::seconds{5}, caf::get_atom_v, id)
      .then([then](const caf::node_id&, const std::string& address, std::uint16_t) { then(!address.empty()); },
            [then](const caf::error&) { then(false); });
}

void middleman::find_open_ports(std::function<void(const std::vector<std::uint16_t>& ports)> then) const {
  // Its thread is the only one that may look at the broker.
  system_->middleman().backend().post([broker = broker_, then = std::move(then)] {
    auto* const found = dynamic_cast<caf::io::abstract_broker*>(caf::actor_cast<caf::abstract_actor*>(broker));
    if (found != nullptr)
      then(open_doors::of(*found));
  });
}

} // namespace registry::inline v0_2::internal
