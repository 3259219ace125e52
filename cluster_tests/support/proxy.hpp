#pragma once

#include <registry/membership/address.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

namespace cluster_tests {

/// A way to a node that a test can spoil: listens on a port of the loopback interface and passes on what comes, in both
/// directions. A node that advertises the proxy's address is reached through it by all others. Any thread.
class proxy {
public:
  /// Who sent what is passed on.
  enum class end : std::uint8_t { dialler, acceptor };
  /// Sees the bytes of each direction in order. Connections are numbered from 1. Called on the proxy's thread.
  using tap = std::function<void(std::size_t connection, end sender, std::string_view bytes)>;

  /// `delay` is how long every byte is under way, and how long a connection takes to be made.
  explicit proxy(std::chrono::milliseconds delay = std::chrono::milliseconds{0}, tap hears = {});
  proxy(const proxy&) = delete;
  proxy& operator=(const proxy&) = delete;
  ~proxy();

  /// Where it listens.
  [[nodiscard]] const registry::node_address& address() const noexcept;
  /// Where it leads. Who has connected before waits for that.
  void lead_to(const registry::node_address& where);

  /// Ends all connections; those that come are ended at once, until `restore`.
  void cut();
  /// Ends all connections; those that come are refused, as by a host where nobody listens, until `restore`.
  void refuse();
  /// Nothing gets through any more, and nobody is told, until `restore`; then what has waited goes on.
  void silence();
  void restore();
  /// How many connections it has made in all, and how many are open.
  [[nodiscard]] std::size_t made() const;
  [[nodiscard]] std::size_t open() const;

private:
  struct state;
  std::unique_ptr<state> state_;
};

} // namespace cluster_tests
