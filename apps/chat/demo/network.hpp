#pragma once

#include <chat/demo/process.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace chat::demo {

/// Chat servers on this machine, each a process of its own, that are one network. None of them outlives this object. Used by one
/// thread.
class network {
public:
  static constexpr std::size_t size = 3;

  /// `program` is the path of `chat`; clients come to these ports.
  network(std::string program, std::vector<std::uint16_t> ports);

  /// Starts all servers and waits until they can be connected to. False if one ends instead; it has said why.
  [[nodiscard]] bool start();
  /// Kills a server, as a fault would.
  void crash(std::size_t i);
  /// Starts a server again that was killed.
  void restart(std::size_t i);
  /// Ends all servers in order, or within a bounded time without.
  void stop();

  [[nodiscard]] std::uint16_t port(std::size_t i) const { return ports_[i]; }
  [[nodiscard]] std::string name(std::size_t i) const;

private:
  [[nodiscard]] std::vector<std::string> command(std::size_t i) const;

  std::string program_;
  std::vector<std::uint16_t> ports_;
  std::vector<std::uint16_t> node_ports_;
  std::array<std::unique_ptr<process>, size> servers_;
};

} // namespace chat::demo
