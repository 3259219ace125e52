#pragma once

#include <registry/node/system_config.hpp>

#include <caf/actor_system.hpp>

#include <cstddef>
#include <latch>
#include <memory>

namespace registry::testing {

/// The usual configuration, with this many threads for actors; 0 leaves the number to CAF.
struct workers_config : system_config {
  explicit workers_config(std::size_t workers = 0);
};

/// While one exists, no actor of a system with one such thread has a turn.
class held_worker {
public:
  explicit held_worker(caf::actor_system& system);
  held_worker(const held_worker&) = delete;
  held_worker& operator=(const held_worker&) = delete;
  ~held_worker() { state_->released.count_down(); }

private:
  struct latches {
    std::latch held{1};
    std::latch released{1};
  };
  std::shared_ptr<latches> state_ = std::make_shared<latches>();
};

} // namespace registry::testing
