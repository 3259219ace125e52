#include <bench/cluster/local.hpp>

namespace registry::bench {

namespace {

cluster_options loopback() {
  cluster_options out;
  out.listen = "127.0.0.1:0";
  return out;
}

} // namespace

local_node::local_node() : home(node::start(system, loopback()).value()), rooms(home.open_scope("rooms").value()) {}

} // namespace registry::bench
