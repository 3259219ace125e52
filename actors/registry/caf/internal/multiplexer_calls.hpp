#pragma once

#include <caf/fwd.hpp>

#include <functional>
#include <memory>
#include <mutex>
#include <vector>

namespace registry::inline v0_2::internal {

/// Calls functions in the thread of CAF's multiplexer. Any thread. Functions that are still to be called when the actor system ends are
/// not called.
class multiplexer_calls : public std::enable_shared_from_this<multiplexer_calls> {
public:
  using function = std::function<void()>;

  explicit multiplexer_calls(caf::actor_system& system) : system_(system) {}

  /// Soon; functions that are given until then share one wake-up of the thread, which takes some microseconds of the caller.
  void call(function what);
  /// After everything that CAF's brokers have been given before, which `call` does not promise.
  void call_in_order(function what);

private:
  void run();

  caf::actor_system& system_;
  std::mutex lock_; // no other lock is taken after it
  std::vector<function> waiting_;
};

} // namespace registry::inline v0_2::internal
