#pragma once

#include <dispatch/worker/command_pool.hpp>

#include <registry/coro/self.hpp>
#include <registry/coro/task.hpp>
#include <registry/scope/scope.hpp>

#include <cstdint>
#include <memory>
#include <string>

namespace dispatch {

struct worker_options {
  std::string queue;
  /// The number of jobs that it does at a time.
  std::int64_t capacity = 4;
  /// The address of its node.
  std::string node = "local";
};

/// A coroutine actor that does the jobs of a queue, `capacity` at a time. It stands in the scope under its queue and keeps its
/// load current. Told to `drain`, it moves to the key of those that drain, finishes what it has, and ends. Killed, it leaves
/// its jobs unfinished, with the commands that run, and whoever submitted them is told.
registry::task<registry::result<void>> worker(registry::coroutine_self self, registry::scope queues, worker_options options,
                                              std::shared_ptr<command_pool> pool);

} // namespace dispatch
