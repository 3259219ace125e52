#pragma once

#include <dispatch/program/system_config.hpp>
#include <dispatch/worker/command_pool.hpp>
#include <dispatch/worker/worker.hpp>

#include <registry/node/node.hpp>

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>

#include <memory>
#include <string>
#include <vector>

namespace dispatch {

/// A node of a cluster within this process, for the demo and for tests: an actor system of its own, which listens on a free port
/// of the loopback interface. Its workers end with it.
class local_node {
public:
  /// `seeds` are addresses of other nodes. Throws `std::runtime_error` if it cannot be started.
  explicit local_node(const std::vector<std::string>& seeds);
  local_node(const local_node&) = delete;
  local_node& operator=(const local_node&) = delete;
  ~local_node();

  [[nodiscard]] caf::actor_system& system() noexcept { return system_; }
  [[nodiscard]] registry::node& home() noexcept { return *home_; }
  [[nodiscard]] const registry::scope& queues() const noexcept { return *queues_; }
  [[nodiscard]] std::string address() const;

  /// The actor stands in the scope soon after.
  caf::actor start_worker(const std::string& queue, std::int64_t capacity);
  caf::actor start_submitter(submission what, const registry::member& observer);

private:
  std::shared_ptr<command_pool> pool_ = std::make_shared<command_pool>();
  system_config config_;
  caf::actor_system system_{config_};
  std::unique_ptr<registry::node> home_;
  std::unique_ptr<registry::scope> queues_;
  std::vector<registry::member> actors_;
};

} // namespace dispatch
