#include <support/hosts.hpp>

#include <support/catch.hpp>

namespace cluster_tests {

bool network_is_missing() {
  static const auto missing = network::missing();
  if (!missing.empty())
    WARN("skipped: " << missing);
  return !missing.empty();
}

nodes nodes_on(const network& net, std::size_t hosts, launch with) {
  constexpr std::uint16_t port = 4700; // free: the hosts are new
  with.seeds = {{network::address(0), port}};
  nodes out;
  for (std::size_t i = 0; i < hosts; ++i) {
    with.where = net.on(i);
    with.listen = to_string(node_address{network::address(i), port});
    out.push_back(std::make_unique<remote_node>(with));
  }
  REQUIRE(all_linked(out));
  synchronise(out);
  return out;
}

} // namespace cluster_tests
