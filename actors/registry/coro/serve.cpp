#include <registry/coro/serve.hpp>

namespace registry::inline v0_2::detail {

void server_base::await_suspend(std::coroutine_handle<> who) {
  suspended(who);
  self_.context().add_standing(*this);
}

bool server_base::take(envelope what) {
  try {
    handle(what);
  } catch (...) {
    const auto why = std::current_exception();
    if (what.reply.owed())
      what.reply.refuse(to_error(why));
    fail(why);
  }
  return !failure_;
}

void server_base::ended(std::exception_ptr failure) noexcept {
  if (failure)
    fail(failure);
}

void server_base::fail(std::exception_ptr why) noexcept {
  if (failure_)
    return;
  failure_ = why;
  self_.context().loop().schedule(*this);
}

} // namespace registry::inline v0_2::detail
