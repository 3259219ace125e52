#pragma once

#include <coroutine>

// How control passes from one coroutine to another without a limit to the depth of either's chain. GCC makes a transfer a tail call
// only with -O2 and without sanitizers, so control passes through a loop that stands below all coroutines on the thread's stack:
// a coroutine that hands over control names the next one and returns, and the loop resumes that. A coroutine that is started
// is resumed above the one that awaits it, since most complete at once, unless that has been done so often that the stack is deep.

namespace registry::inline v0_2::detail::transfer {

/// Resumes a coroutine and then, one after the other, those that control is passed to. Any thread.
void run(std::coroutine_handle<> who);

/// Starts a coroutine on behalf of another one, which is about to wait for it. It may not have begun when this returns.
void start(std::coroutine_handle<> who);

/// What the `await_suspend` of a coroutine that has come to its end, or to a value, returns so that another one goes on.
std::coroutine_handle<> to(std::coroutine_handle<> who) noexcept;

/// A coroutine is destroyed: control is not passed to it.
void forget(std::coroutine_handle<> who) noexcept;

} // namespace registry::inline v0_2::detail::transfer
