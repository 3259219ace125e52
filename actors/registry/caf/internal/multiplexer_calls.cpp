#include <registry/caf/internal/job.hpp>
#include <registry/caf/internal/multiplexer_calls.hpp>

#include <caf/actor_system.hpp>
#include <caf/io/middleman.hpp>
#include <caf/io/network/multiplexer.hpp>

#include <thread>
#include <utility>

namespace registry::inline v0_2::internal {

void multiplexer_calls::call(function what) {
  {
    const std::lock_guard guard(lock_);
    waiting_.push_back(std::move(what));
    if (waiting_.size() > 1)
      return;
  }
  system_.middleman().backend().post([self = shared_from_this()] { self->run(); });
}

void multiplexer_calls::call_in_order(function what) {
  auto& home = system_.middleman().backend();
  if (std::this_thread::get_id() != home.thread_id())
    return home.post(std::move(what));
  // What this thread is given by itself does not go through its queue, and would overtake what is there.
  call_in_worker(system_, [&home, what = std::move(what)] { home.post(what); });
}

void multiplexer_calls::run() {
  std::vector<function> taken;
  {
    const std::lock_guard guard(lock_);
    taken.swap(waiting_);
  }
  for (const auto& what : taken)
    what();
}

} // namespace registry::inline v0_2::internal
