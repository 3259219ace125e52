#pragma once

#include <bench/cluster/remote.hpp>

#include <support/proxy.hpp>

#include <cstddef>
#include <cstdint>
#include <string>

namespace registry::bench {

/// Two nodes in processes of their own, linked, with an open scope each unless told otherwise.
class pair {
public:
  explicit pair(bool open_second = true);

  /// Joins entries on the first node; returns when that began.
  std::int64_t populate(std::size_t count) { return first.ask_number("populate key: " + std::to_string(count)); }
  /// When the second node has so many entries, once it has.
  std::int64_t when_second_has(std::size_t count) { return second.ask_number("wait " + std::to_string(count)); }

  remote first;
  remote second;
};

/// Two nodes that reach each other through proxies only, and give each other up after a second.
class breakable_pair {
public:
  breakable_pair();

  /// Cuts what is between them, and returns when both have given up the other one.
  void part();
  /// Returns when the first new connection between them was made.
  std::int64_t heal();

  cluster_tests::proxy to_first;
  cluster_tests::proxy to_second;
  remote first;
  remote second;

private:
  breakable_pair(std::uint16_t first_port, std::uint16_t second_port);
};

} // namespace registry::bench
