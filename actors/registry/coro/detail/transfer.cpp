#include <registry/coro/detail/transfer.hpp>

#include <utility>

namespace registry::inline v0_2::detail::transfer {

namespace {

constexpr unsigned deepest = 32;

struct state {
  unsigned depth = 0; ///< number of coroutines on the stack, above the loop; 0 without a loop
  std::coroutine_handle<> next;
};

constinit thread_local state here;

/// Restores the previous state, even when a foreign coroutine throws.
class restoring {
public:
  explicit restoring(state now) noexcept : before_(std::exchange(here, now)) {}
  restoring(const restoring&) = delete;
  restoring& operator=(const restoring&) = delete;
  ~restoring() { here = before_; }

private:
  state before_;
};

/// Leaves resuming a coroutine to the loop. False if there is no loop, or if it already has one to resume, which happens if
/// a coroutine is resumed by hand.
bool leave_to_loop(std::coroutine_handle<> who) noexcept {
  if (here.depth == 0 || here.next)
    return false;
  here.next = who;
  return true;
}

} // namespace

void run(std::coroutine_handle<> who) {
  const restoring loop({1, {}});
  who.resume();
  while (here.next)
    std::exchange(here.next, {}).resume();
}

void start(std::coroutine_handle<> who) {
  if (here.depth >= deepest && leave_to_loop(who))
    return;
  if (here.depth == 0) {
    run(who);
  } else {
    ++here.depth;
    who.resume();
    --here.depth;
  }
}

std::coroutine_handle<> to(std::coroutine_handle<> who) noexcept {
  return leave_to_loop(who) ? std::noop_coroutine() : who;
}

void forget(std::coroutine_handle<> who) noexcept {
  if (here.next == who)
    here.next = {};
}

} // namespace registry::inline v0_2::detail::transfer
