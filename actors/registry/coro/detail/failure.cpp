#include <registry/caf/internal/raw_actor.hpp>
#include <registry/compat/actor.hpp>
#include <registry/compat/error.hpp>
#include <registry/coro/detail/failure.hpp>

#include <caf/exit_reason.hpp>
#include <caf/sec.hpp>

#include <string>

namespace registry::inline v0_2::detail {

error to_error(const caf::actor_system& system, const caf::error& what) {
  if (auto ours = compat::from_caf(what))
    return *std::move(ours);
  if (what == caf::sec::request_timeout)
    return errc::timeout;
  if (internal::is_unanswered(what))
    return errc::actor_down;
  return {errc::failed, "the other actor reported a failure: " + compat::render(system, what)};
}

error to_error(const std::exception_ptr& what) {
  try {
    std::rethrow_exception(what);
  } catch (const escaped_error& e) {
    return e.get();
  } catch (const std::exception& e) {
    return {errc::failed, std::string{"an exception escaped a coroutine: "} + e.what()};
  } catch (...) {
    return {errc::failed, "an exception not derived from std::exception escaped a coroutine"};
  }
}

} // namespace registry::inline v0_2::detail
