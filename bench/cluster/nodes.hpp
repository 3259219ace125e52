#pragma once

#include <support/proxied_pair.hpp>
#include <support/remote_node.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace registry::bench {

using cluster_tests::remote_node;

/// That of clusters whose links are encrypted; those without one have plain links.
inline constexpr const char* cluster_secret = "a secret that only these benchmarks know of";

/// A node with the defaults of users, as `local_node` has them, that carries out these commands first.
cluster_tests::launch default_launch(const std::vector<node_address>& seeds = {},
                                     std::vector<value> commands = {object("do", "open")}, const std::string& secret = {});

// Points in time are nanoseconds of the clock that all processes of a machine share.

/// Joins entries under keys `<prefix><i>`, owned by 1,000 actors; returns when that began.
std::int64_t populate(remote_node& x, const std::string& prefix, std::size_t count);
/// Waits until the node has this number of entries, or of links; returns when that was so.
std::int64_t wait_count(remote_node& x, std::size_t count);
std::int64_t wait_links(remote_node& x, std::size_t count);
/// The same in two steps.
void begin_wait_count(const remote_node& x, std::size_t count);
std::int64_t finish_wait(remote_node& x);

/// The microseconds that the node has run for, on all cores.
std::int64_t processor_time(remote_node& x);

/// Two linked nodes. Both have an open scope unless told otherwise.
struct linked_pair {
  explicit linked_pair(const std::string& secret = {}, bool open_second = true);

  remote_node first;
  remote_node second;
};

/// Two linked nodes that reach each other through proxies only, and give each other up after a second.
class breakable_pair {
public:
  breakable_pair();

  /// Cuts the connection, and returns when each node has given up the other.
  void part();
  /// Restores the connection; returns when the first new one was made.
  std::int64_t heal();

  remote_node& first() noexcept { return *nodes_.a; }
  remote_node& second() noexcept { return *nodes_.b; }

private:
  cluster_tests::proxied_pair nodes_;
};

} // namespace registry::bench
