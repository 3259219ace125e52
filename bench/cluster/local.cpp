#include <bench/cluster/local.hpp>

namespace registry::bench {

namespace {

cluster_options loopback(const std::string& secret) {
  cluster_options out;
  out.secret = secret;
  out.listen = "127.0.0.1:0";
  return out;
}

} // namespace

local_node::local_node(const std::string& secret)
    : home(node::start(system, loopback(secret)).value()), rooms(home.open_scope("rooms").value()) {}

} // namespace registry::bench
