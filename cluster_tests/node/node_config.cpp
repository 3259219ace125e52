#include <node/node_config.hpp>

#include <caf/config_option_adder.hpp>

namespace cluster_tests {

node_config::node_config()
    : frame_size_(registry::replica_options{}.frame_size), snapshot_entries_(registry::replica_options{}.snapshot_entries) {
  opt_group{custom_options_, "test"}
      .add(frame_size_, "frame-size", "about how large a frame of the replication is made, in bytes")
      .add(snapshot_entries_, "snapshot-entries", "the largest snapshot that is accepted from a peer, in entries");
}

registry::result<registry::cluster_options> node_config::cluster_with_bounds() const {
  auto out = cluster();
  if (out) {
    out.value().replication.frame_size = frame_size_;
    out.value().replication.snapshot_entries = snapshot_entries_;
  }
  return out;
}

} // namespace cluster_tests
