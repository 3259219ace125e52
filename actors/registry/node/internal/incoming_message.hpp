#pragma once

#include <registry/node/internal/messages.hpp>

#include <caf/fwd.hpp>

#include <atomic>
#include <cstddef>
#include <memory>
#include <vector>

namespace registry::inline v0_2 {

/// A message that another node has dispatched to members here. Its size counts from `wait` on, as long as it exists.
class incoming_message {
public:
  /// The bytes that the messages of one link take while they wait.
  using total = std::shared_ptr<std::atomic<std::size_t>>;

  /// Takes members and content away from `what`.
  incoming_message(ordered_fan_out_message& what, total waiting);
  incoming_message(const incoming_message&) = delete;
  incoming_message& operator=(const incoming_message&) = delete;
  ~incoming_message();

  /// Any thread, also while another one calls `wait`.
  void deliver() const;
  /// It has to wait for changes before it, or had to. Returns the total.
  std::size_t wait(caf::actor_system& system);

private:
  const std::vector<member> members_;
  const caf::message content_;
  const total waiting_;
  std::size_t size_ = 0;
};

} // namespace registry::inline v0_2
