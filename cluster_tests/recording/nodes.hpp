#pragma once

#include <recording/recording.hpp>
#include <support/remote_node.hpp>

#include <memory>
#include <string>

namespace cluster_tests {

/// Where a node listens, as it logs when it starts. Throws if it has not.
node_address address_in(const std::string& log);

/// A process with a node whose connections are recorded.
struct recorded_node {
  /// Starts it; it listens when this returns. Others reach it after `lead`: who dials before that waits.
  recorded_node(proxy& way, launch with);
  /// The same on a new way, which leads there at once.
  recorded_node(recording& by, const std::string& name, launch with);

  void lead() { way.lead_to(address_in(node.process().log())); }
  remote_node* operator->() noexcept { return &node; }

  proxy& way;
  remote_node node;
};

} // namespace cluster_tests
