#pragma once

#include <recording/recording.hpp>
#include <support/remote_node.hpp>

#include <memory>
#include <string>

namespace cluster_tests {

/// A process with a node whose connections are recorded.
struct recorded_node {
  /// Starts the node. Others reach it after `lead`, and wait until then.
  recorded_node(proxy& way, launch with);
  /// The same on a new way that leads to it at once.
  recorded_node(recording& by, const std::string& name, launch with);

  void lead() { way.lead_to(listening_address(node.process().log())); }
  remote_node* operator->() noexcept { return &node; }

  proxy& way;
  remote_node node;
};

} // namespace cluster_tests
