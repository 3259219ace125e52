#pragma once

#include <registry/caf/internal/job.hpp>
#include <registry/caf/internal/poll.hpp>
#include <registry/internal/deferral.hpp>

#include <caf/fwd.hpp>
#include <caf/intrusive_ptr.hpp>

#include <chrono>
#include <cstddef>
#include <vector>

namespace registry::inline v0_2::internal {

/// What the thread of CAF's multiplexer does after a frame that it has applied: it polls for the next one for a while before it
/// sleeps, since waking a thread takes longer than applying a frame. Then a worker of the scheduler destroys what the frames
/// have left.
///
/// 1. All calls are made in that thread.
/// 2. While the thread looks, it gives way to other threads, and serves all of its sockets and calls as ever. On a busy core it ends.
/// 3. Objects of the application are destroyed by a worker.
class frame_pause final : public job {
public:
  frame_pause(caf::actor_system& system, std::chrono::nanoseconds poll_time) : system_(system), poll_(poll_time) {}

  /// A frame has been applied, and has left this.
  void begin(deferral::remains left);
  /// Has this destroyed now, without a pause.
  void destroy(deferral::remains left);
  /// Has everything that is left destroyed now.
  void clear();

  /// CAF's multiplexer looks at its sockets without waiting, and calls this again, for as long as this says so.
  resume_result resume(executor* here, std::size_t max_throughput) override;

private:
  caf::actor_system& system_;
  poll poll_;
  bool is_running_ = false;
  std::vector<deferral::remains> left_; // of at most `most_left` frames
};

using frame_pause_ptr = caf::intrusive_ptr<frame_pause>;

} // namespace registry::inline v0_2::internal
