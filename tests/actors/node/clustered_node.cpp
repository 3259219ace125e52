#include <node/clustered_node.hpp>

#include <registry/actor/handle.hpp>

#include <caf/event_based_actor.hpp>

#include <support/catch.hpp>

namespace registry::testing {

namespace {

node started(caf::actor_system& system, const cluster_options& options) {
  auto out = node::start(system, options);
  if (!out)
    throw std::runtime_error(to_string(out.error()));
  return std::move(out).value();
}

} // namespace

clustered_node::clustered_node(const cluster_options& options, caf_defaults defaults)
    : config(defaults), home(started(system, options)), rooms(home.open_scope("rooms").value()) {}

clustered_node::~clustered_node() {
  home.stop();
  for (const auto& who : idle_)
    registry::kill(who);
}

member clustered_node::spawn_idle() {
  idle_.push_back(registry::as_member(
      system.spawn([](caf::event_based_actor*) -> caf::behavior { return {[](const std::string& x) { return x; }}; })));
  return idle_.back();
}

cluster_options loopback(const std::vector<node_address>& seeds) {
  cluster_options out;
  out.listen = "127.0.0.1:0";
  out.heartbeat_interval = std::chrono::milliseconds{200};
  out.suspect_after = std::chrono::minutes{1};
  out.down_after = std::chrono::minutes{2};
  out.handshake_timeout = std::chrono::seconds{30};
  out.secret = "a secret of tests, of 32 characters or more";
  for (const auto& seed : seeds)
    out.seeds.push_back(to_string(seed));
  return out;
}

std::vector<std::unique_ptr<clustered_node>> cluster_of(std::size_t size) {
  std::vector<std::unique_ptr<clustered_node>> out;
  for (std::size_t i = 0; i < size; ++i) {
    std::vector<node_address> seeds;
    if (i > 0)
      seeds.push_back(*out.front()->home.address());
    out.push_back(std::make_unique<clustered_node>(loopback(seeds)));
  }
  for (const auto& one : out) {
    const bool linked = eventually([&] {
      const auto peers = one->home.peers();
      return peers.size() == size - 1 &&
             std::all_of(peers.begin(), peers.end(), [](const peer_status& x) { return x.reachable; });
    });
    REQUIRE(linked);
  }
  return out;
}

} // namespace registry::testing
