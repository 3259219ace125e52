#include <conformance/ensemble.hpp>
#include <registry/actor/handle.hpp>
#include <registry/compat/actor.hpp>

#include <caf/actor_cast.hpp>
#include <caf/after.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include <algorithm>
#include <cassert>
#include <cstdint>

namespace registry::conformance {

namespace {

/// Sent to an actor to learn that it has handled everything before; it answers the same number.
using ping = std::int32_t;

template <class Request>
auto forward_to(caf::event_based_actor* self) {
  return [=](const member& scope, const Request& question) {
    auto answer = self->make_response_promise<value>();
    compat::request(self, caf::actor_cast<scope_actor>(scope), patience, question)
        .then([=](const value& x) mutable { answer.deliver(x); },
              [=](caf::error& e) mutable { answer.deliver(std::move(e)); });
    return answer;
  };
}

caf::behavior play(caf::event_based_actor* self, const std::shared_ptr<journal>& received) {
  return {
      [=](const events& pending) { received->add(pending.reference(), pending.take()); },
      [=](const registered& x) { received->add_notice(list("register", x.key, x.who, x.data, x.scope)); },
      [=](const unregistered& x) { received->add_notice(list("unregister", x.key, x.who, x.scope)); },
      [=](const value& x) { received->add_message(x); },
      [](ping number) { return number; },
      forward_to<monitor_request>(self),
      forward_to<monitor_scope_request>(self),
  };
}

error too_slow() {
  return {errc::timeout, "an actor did not answer in time"};
}

} // namespace

ensemble::ensemble(caf::actor_system& system) : self_(system) {}

ensemble::~ensemble() {
  for (const auto& one : roles_) {
    if (one.alive)
      static_cast<void>(end(one.who));
  }
}

member ensemble::spawn() {
  auto received = std::make_shared<journal>();
  const auto who = registry::as_member(self_->home_system().spawn(play, received));
  // An actor that terminates notifies the actor that monitored it last first. So later monitors are notified before this
  // one.
  compat::monitor(who, registry::as_member(self_));
  roles_.push_back({who, std::move(received)});
  return who;
}

result<void> ensemble::end(const member& who) {
  of(who).alive = false;
  registry::kill(who);
  bool ended = false;
  bool late = false;
  while (!ended && !late) {
    self_->receive([&](const caf::down_msg& x) { ended = x.source == who; }, caf::after(patience) >> [&] { late = true; });
  }
  return late ? result<void>(too_slow()) : result<void>(success());
}

result<void> ensemble::settle() {
  using question = decltype(compat::request(self_.ptr(), caf::actor{}, patience, ping{}));
  std::vector<question> asked;
  for (const auto& one : roles_) {
    if (one.alive)
      asked.push_back(compat::request(self_.ptr(), caf::actor_cast<caf::actor>(one.who), patience, ping{1}));
  }
  bool late = false;
  for (auto& one : asked)
    std::move(one).receive([](ping) {}, [&](const caf::error&) { late = true; });
  return late ? result<void>(too_slow()) : result<void>(success());
}

journal::content ensemble::received_by(const member& who) {
  return of(who).received->take();
}

bool ensemble::is_alive(const member& who) const {
  return std::any_of(roles_.begin(), roles_.end(), [&](const role& x) { return x.who == who && x.alive; });
}

error ensemble::as_error(const caf::error& e) {
  return compat::from_caf(e).value_or(too_slow());
}

ensemble::role& ensemble::of(const member& who) {
  const auto found = std::find_if(roles_.begin(), roles_.end(), [&](const role& x) { return x.who == who; });
  assert(found != roles_.end());
  return *found;
}

} // namespace registry::conformance
