#pragma once

#include <apps/chat/support/chat_network.hpp>
#include <support/proxy.hpp>

#include <cstddef>
#include <memory>
#include <vector>

namespace chat::testing {

/// Two nodes, `s0.test` and `s1.test`, between which a test stands. They are linked when the constructor returns, and only a cut
/// makes them give each other up.
class split_network {
public:
  split_network();

  [[nodiscard]] chat_world& operator[](std::size_t i) { return *nodes_[i]; }
  /// Ends all connections between the nodes and refuses new ones; returns when both have given each other up.
  void cut();
  /// Nothing gets through; returns when both have noticed.
  void silence();
  /// Returns when the nodes are linked again and have what happened meanwhile.
  void heal();

private:
  std::vector<std::unique_ptr<cluster_tests::proxy>> ways_;
  std::vector<std::unique_ptr<chat_world>> nodes_;
};

} // namespace chat::testing
