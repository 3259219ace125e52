#include <registry/caf/internal/raw_actor.hpp>
#include <registry/compat/error.hpp>
#include <registry/coro/responder.hpp>

#include <caf/unit.hpp>

namespace registry::inline v0_2 {

responder::~responder() {
  if (owed())
    refuse(errc::cancelled);
}

void responder::refuse(const error& why) {
  auto promise = std::exchange(promise_, {});
  // An unsolicited error would end most actors.
  if (promise.async())
    internal::answer_nothing(promise);
  else
    promise.deliver(compat::to_caf(why));
}

void responder::deliver(caf::message content) {
  auto promise = std::exchange(promise_, {});
  if (content.empty() && promise.async())
    internal::answer_nothing(promise);
  else if (content.empty())
    promise.deliver(caf::unit);
  else
    promise.deliver(std::move(content));
}

} // namespace registry::inline v0_2
