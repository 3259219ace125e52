#include <registry/coro/detail/failure.hpp>
#include <registry/coro/request.hpp>

#include <caf/error.hpp>

namespace registry::inline v0_2::detail {

void request_base::await_suspend(std::coroutine_handle<> who) {
  suspended(who);
  home_->request(*this, to_, timeout_, std::move(content_));
}

result<caf::message> request_base::response() {
  if (to_ == nullptr)
    return errc::invalid_actor;
  if (!response_)
    return errc::timeout;
  if (response_->match_elements<caf::error>())
    return to_error(home_->system(), response_->get_as<caf::error>(0));
  return *std::move(response_);
}

error request_base::unexpected() {
  return {errc::malformed, "the response has other types than the request expects; name them as request<Types…>(…)"};
}

} // namespace registry::inline v0_2::detail
