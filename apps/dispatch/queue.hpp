#pragma once

#include <registry/error/error.hpp>
#include <registry/value/value.hpp>

#include <boost/describe.hpp>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>

namespace dispatch {

/// The scope that all nodes share. Keys: the name of a queue, under which its workers stand, and `draining(queue)`.
inline constexpr const char* scope_name = "dispatch";

/// The key of those workers of a queue that take no more jobs. One that drains joins this key before it leaves the other, so that
/// a worker that stands under neither is gone.
registry::value draining(const std::string& queue);

/// A worker's description of itself in the scope.
struct worker_card {
  std::string name;
  /// The address of its node.
  std::string node;
  /// The number of jobs that it does at a time.
  std::int64_t capacity = 1;
  /// The number of its jobs, those that wait for a place included.
  std::int64_t load = 0;
  /// 2 since workers understand `perform_job`; nothing before that.
  std::optional<std::int64_t> protocol = 2;

  /// How many of its jobs are being done, and how many wait: a place is never free while one waits.
  [[nodiscard]] std::int64_t under_way() const noexcept { return std::min(load, capacity); }
  [[nodiscard]] std::int64_t waiting() const noexcept { return load - under_way(); }
};
BOOST_DESCRIBE_STRUCT(worker_card, (), (name, node, capacity, load, protocol))

registry::value to_value(const worker_card& x);
registry::result<worker_card> read_card(const registry::value& x);

} // namespace dispatch
