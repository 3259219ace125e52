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
  /// The reason why this machine cannot have `limit` and `lose`, which need `tc` and `nft`; empty if it can.
  static std::string lacks_bad_lines();

  explicit network(std::size_t hosts);

  /// The surroundings of a node on this host, its namespace, and its address.
  [[nodiscard]] child_process::surroundings on(std::size_t host) const;
  [[nodiscard]] int space_of(std::size_t host) const { return hosts_.at(host).descriptor(); }
  [[nodiscard]] static std::string address(std::size_t host);

  /// Loses all packets from one host to another from now on.
  void cut(std::size_t from, std::size_t to) const;
  void restore(std::size_t from, std::size_t to) const;
  /// Both ways between all hosts of two groups.
  void part(const std::vector<std::size_t>& some, const std::vector<std::size_t>& others) const;
  void heal(const std::vector<std::size_t>& some, const std::vector<std::size_t>& others) const;
  /// A host sends no more bits a second than this from now on; 0 is any number.
  void limit(std::size_t host, std::size_t bits_per_second);
  /// A host loses so many of a hundred packets that come to it from now on.
  void lose(std::size_t host, std::size_t percent);
  /// Takes the line of a host out of its socket, or puts it back.
  void unplug(std::size_t host) const;
  void plug(std::size_t host) const;

private:
  void neighbour(std::size_t of, std::size_t host, const std::string& hardware) const;

  descriptor bridge_;
  std::vector<descriptor> hosts_;
  std::vector<bool> limited_;
  std::vector<bool> loses_;
};

} // namespace cluster_tests
