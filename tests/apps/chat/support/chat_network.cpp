#include <apps/chat/support/chat_network.hpp>

#include <algorithm>
#include <stdexcept>
#include <string>

namespace chat::testing {

chat_network::chat_network(std::size_t size) {
  std::vector<std::string> seeds;
  for (std::size_t i = 0; i < size; ++i) {
    server_info info;
    info.name = "s" + std::to_string(i) + ".test";
    nodes_.push_back(std::make_unique<chat_world>(info, loopback(seeds)));
    seeds.push_back(to_string(*nodes_.back()->home.address()));
  }
  for (const auto& each : nodes_) {
    if (!eventually([&] { return is_linked(*each, size - 1); }))
      throw std::runtime_error("the nodes do not find each other");
  }
}

void chat_network::stop(std::size_t i) {
  nodes_[i].reset();
}

void chat_network::settle() const {
  testing::settle(nodes_);
}

// A mark of each node in a scope comes after all that happened there before it. The topics come last, being what keepers do.
void settle(const std::vector<std::unique_ptr<chat_world>>& nodes) {
  for (auto scope : {&world::nicks, &world::channels, &world::topics}) {
    for (const auto& from : nodes) {
      if (!from)
        continue;
      auto& marked = (*from->shared).*scope;
      const registry::value mark{"mark of " + from->shared->info.name};
      if (!marked.join(mark, from->shared->keeper))
        throw std::runtime_error("cannot set a mark");
      for (const auto& to : nodes) {
        if (to && !eventually([&] { return ((*to->shared).*scope).count(mark) == 1; }))
          throw std::runtime_error("a change does not arrive");
      }
      static_cast<void>(marked.leave(mark, from->shared->keeper));
      for (const auto& to : nodes) {
        if (to && !eventually([&] { return ((*to->shared).*scope).count(mark) == 0; }))
          throw std::runtime_error("a change does not arrive");
      }
    }
  }
  for (const auto& each : nodes) {
    if (each)
      each->flush();
  }
}

registry::cluster_options loopback(const std::vector<std::string>& seeds) {
  registry::cluster_options out;
  out.listen = "127.0.0.1:0";
  out.seeds = seeds;
  out.secret = "a secret of tests, of 32 characters or more";
  out.heartbeat_interval = std::chrono::milliseconds{200};
  out.suspect_after = std::chrono::minutes{1};
  out.down_after = std::chrono::minutes{2};
  return out;
}

bool is_linked(const chat_world& where, std::size_t others) {
  const auto peers = where.home.peers();
  return peers.size() == others && std::ranges::all_of(peers, &registry::peer_status::reachable);
}

bool is_kept_by(std::size_t nodes, const chat_world& where, std::string_view channel, std::string_view topic) {
  const auto kept = where.shared->topics.lookup(channel);
  return kept.size() == nodes &&
         std::ranges::all_of(kept, [&](const auto& each) { return text_in(each.data, "text") == topic; });
}

} // namespace chat::testing
