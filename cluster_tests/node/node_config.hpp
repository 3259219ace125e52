#pragma once

#include <registry/node/clustered_system_config.hpp>

#include <cstddef>

namespace cluster_tests {

/// The configuration of a node for tests, with bounds of the replication that applications set in their sources:
/// `--test.frame-size=4096 --test.snapshot-entries=1`.
class node_config : public registry::clustered_system_config {
public:
  node_config();

  /// See `cluster`.
  [[nodiscard]] registry::result<registry::cluster_options> cluster_with_bounds() const;

private:
  std::size_t frame_size_;
  std::size_t snapshot_entries_;
};

} // namespace cluster_tests
