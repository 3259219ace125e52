#pragma once

#include <registry/value/value.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace cluster_tests::chaos {

/// What can happen. Those from `kill` on last for a time.
enum class deed : std::uint8_t {
  // operations of one node
  join,
  update,
  leave,
  end_member,
  dispatch,
  // what happens to a process, and is over at once
  crash_scope,
  restart,
  rotate, ///< a restart with the next secret
  // what happens to a process for a time
  kill,
  drain,
  pause,
  // what happens to lines for a time
  flap,    ///< connections are cut
  unplug,  ///< a host is without a line
  part,    ///< a group of hosts is cut off
  cut_way, ///< one host does not reach another
  lose,
  limit,
  delay,
  corrupt,
  // nothing more is wrong, and all nodes are examined
  rest,
};

/// A noun or a verb for the log and the figures.
std::string to_string(deed what);
/// Whether a deed is an operation of a node, and no fault.
bool is_operation(deed what);

/// Something that happens at a time of the plan.
struct action {
  std::chrono::milliseconds at{0};
  deed what = deed::rest;
  /// Whether this is the end of what lasts.
  bool ends = false;
  std::size_t node = 0;
  /// The host that is not reached.
  std::size_t other = 0;
  /// The hosts that are cut off.
  std::vector<std::size_t> group{};
  /// Percent, bits a second, milliseconds, or one of how many chunks.
  std::size_t amount = 0;

  // -- of operations -----------------------------------------------------------------------------------------------------
  std::string scope{};
  std::string key{};
  /// A new one below 0.
  std::int64_t member = -1;
  registry::value data{};
  /// Whether the operation must be refused, because the key is held.
  bool is_refused = false;
  /// Of a dispatch.
  std::string strategy{};
};

/// What happens, in words.
std::string to_string(const action& x);

} // namespace cluster_tests::chaos
