#pragma once

#include <registry/actor/handle.hpp>
#include <registry/compat/actor.hpp>
#include <registry/compat/error.hpp>

#include <support/workers.hpp>

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>
#include <caf/scoped_actor.hpp>

#include <support/catch.hpp>

#include <chrono>
#include <optional>
#include <utility>

namespace registry::testing {

/// An actor system without a node, and an actor for the test itself.
struct coroutine_fixture {
  /// With this many threads for actors; 0 leaves the number to CAF.
  explicit coroutine_fixture(std::size_t workers = 0) : config(workers) {}

  workers_config config;
  caf::actor_system system{config};
  caf::scoped_actor self{system};

  /// A request from the test; fails it on an error.
  template <class T, class... Ts>
  T ask(const caf::actor& whom, Ts&&... content) {
    std::optional<T> out;
    compat::request(self, whom, std::chrono::seconds{60}, std::forward<Ts>(content)...)
        .receive([&](T& answer) { out = std::move(answer); },
                 [&](const caf::error& e) { FAIL("request failed: " << compat::render(system, e)); });
    return *std::move(out);
  }
  /// The registry's error of a request, or `errc::failed` with the text of any other outcome.
  template <class... Ts>
  error refused(const caf::actor& whom, Ts&&... content) {
    error out{errc::failed, "it was not refused"};
    compat::request(self, whom, std::chrono::seconds{60}, std::forward<Ts>(content)...)
        .receive([] {},
                 [&](const caf::error& e) {
                   const auto ours = compat::from_caf(e);
                   out = ours ? *ours : error(errc::failed, compat::render(system, e));
                 });
    return out;
  }
  /// Ends an actor and returns when it has terminated.
  void end(const caf::actor& who) {
    registry::shut_down(who);
    self->wait_for(who);
  }
};

} // namespace registry::testing
