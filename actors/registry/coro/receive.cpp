#include <registry/coro/receive.hpp>

namespace registry::inline v0_2::detail {

receive_base::~receive_base() {
  if (taken_)
    home_->give_back(*std::move(taken_));
}

bool receive_base::await_ready() {
  taken_ = home_->take_kept(*this);
  return taken_.has_value();
}

void receive_base::await_suspend(std::coroutine_handle<> who) noexcept {
  suspended(who);
  home_->add_waiting(*this);
}

void receive_base::take(envelope what) {
  leave();
  taken_.emplace(std::move(what));
  home_->loop().schedule(*this);
}

envelope receive_base::taken() {
  auto out = *std::move(taken_);
  taken_.reset();
  return out;
}

} // namespace registry::inline v0_2::detail
