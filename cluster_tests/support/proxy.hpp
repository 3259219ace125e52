#pragma once

#include <registry/membership/address.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

namespace cluster_tests {

/// A way to a node that a test can spoil: listens on a port of the loopback interface and passes on all bytes, in both
/// directions. A node that advertises the proxy's address is reached through it by all others. Any thread.
class proxy {
public:
  /// The sender of bytes.
  enum class end : std::uint8_t { dialler, acceptor };
  /// Receives a copy of the bytes of each direction, in order. Connections are numbered from 1. Called on the proxy's
  /// thread.
  using tap = std::function<void(std::size_t connection, end sender, std::string_view bytes)>;
  /// Receives the bytes of each direction as they come, and may change them before they are passed on. Called on the proxy's
  /// thread.
  using change = std::function<void(std::size_t connection, end sender, std::string& bytes)>;

  struct options {
    /// The time that each byte is under way, and that a connection takes to be made.
    std::chrono::milliseconds delay{0};
    /// Hears what comes, before it is changed.
    tap hears{};
    change changes{};
    /// Where it listens; port 0 is any free one.
    registry::node_address listen{"127.0.0.1", 0};
    /// The network namespace of its sockets, unless it is that of this process.
    int network = -1;
    /// About the bytes that may be under way in each direction of a connection, here and in the system's buffers. 0: much.
    std::size_t buffer = 0;
  };

  explicit proxy(options with);
  explicit proxy(std::chrono::milliseconds delay = std::chrono::milliseconds{0}, tap hears = {});
  proxy(const proxy&) = delete;
  proxy& operator=(const proxy&) = delete;
  ~proxy();

  /// The address it listens on.
  [[nodiscard]] const registry::node_address& address() const noexcept;
  /// Sets the destination. Earlier connections wait for it.
  void lead_to(const registry::node_address& destination);

  /// Ends all connections, and new ones at once, until `restore`.
  void cut();
  /// Ends all connections, and refuses new ones as a host without a listener does, until `restore`.
  void refuse();
  /// Holds all bytes back, and tells nobody, until `restore` lets them go on.
  void silence();
  void restore();
  /// Passes on no more than this in each direction of a connection, and hardly buffers; 0 is any rate. From the next bytes on.
  void limit(std::size_t bytes_per_second);
  /// The time that later bytes are under way.
  void delay(std::chrono::milliseconds time);
  /// The numbers of connections made since the start, and open now.
  [[nodiscard]] std::size_t made() const;
  [[nodiscard]] std::size_t open() const;

private:
  struct state;
  std::unique_ptr<state> state_;
};

} // namespace cluster_tests
