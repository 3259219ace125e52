#pragma once

#include <support/proxy.hpp>
#include <support/remote_node.hpp>

#include <array>
#include <chrono>
#include <memory>

namespace cluster_tests {

/// Two nodes that reach each other through proxies only, so that a test can spoil the connection.
struct proxied_pair {
  explicit proxied_pair(launch with = {}, std::chrono::milliseconds delay = std::chrono::milliseconds{0});
  /// With the options of the proxy to each of them.
  proxied_pair(launch with, proxy::options way_to_a, proxy::options way_to_b);

  /// Waits until they are linked, or have the same content, for at most a minute; returns whether that is so.
  [[nodiscard]] bool linked() const;
  [[nodiscard]] bool equal() const;
  [[nodiscard]] std::array<remote_node*, 2> both() const { return {a.get(), b.get()}; }

  /// Joins entries on each.
  void populate(std::int64_t keys) const;
  /// Begins to watch on both, when they have the same content.
  void watch() const;

  void silence();
  void cut();
  void restore();

  proxy to_a;
  proxy to_b;
  std::unique_ptr<remote_node> a;
  std::unique_ptr<remote_node> b;
};

} // namespace cluster_tests
