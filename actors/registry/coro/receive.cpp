#include <registry/coro/receive.hpp>

namespace registry::inline v0_2::detail {

receive_base::~receive_base() {
  if (taken_)
    home_->give_back(std::move(*taken_));
}

bool receive_base::await_ready() {
  if (auto kept = home_->take_kept(*this))
    taken_ = std::make_unique<envelope>(*std::move(kept));
  return taken_ != nullptr;
}

void receive_base::await_suspend(std::coroutine_handle<> who) noexcept {
  suspended(who);
  home_->add_waiting(*this);
}

bool receive_base::take(envelope what) {
  taken_ = std::make_unique<envelope>(std::move(what));
  home_->loop().schedule(*this);
  return false;
}

envelope receive_base::taken() {
  auto out = std::move(*taken_);
  taken_.reset();
  return out;
}

} // namespace registry::inline v0_2::detail
