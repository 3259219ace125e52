#pragma once

#include <support/child_process.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace cluster_tests {

/// Hosts in network namespaces of their own, connected by a bridge. Needs root and the program `ip`. Nothing is left of it
/// after the last process inside has ended.
///
/// A way is cut by a wrong hardware address for the other host: packets are lost on the wire, and nobody is told.
class network {
public:
  /// The reason why this machine can have none; empty if it can.
  static std::string missing();

  explicit network(std::size_t hosts);

  /// The surroundings of a node on this host, and its address.
  [[nodiscard]] child_process::surroundings on(std::size_t host) const;
  [[nodiscard]] static std::string address(std::size_t host);

  /// Loses all packets from one host to another from now on.
  void cut(std::size_t from, std::size_t to) const;
  void restore(std::size_t from, std::size_t to) const;
  /// Both ways between all hosts of two groups.
  void part(const std::vector<std::size_t>& some, const std::vector<std::size_t>& others) const;
  void heal(const std::vector<std::size_t>& some, const std::vector<std::size_t>& others) const;

private:
  void neighbour(std::size_t of, std::size_t host, const std::string& hardware) const;

  descriptor bridge_;
  std::vector<descriptor> hosts_;
};

} // namespace cluster_tests
