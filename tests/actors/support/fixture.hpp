#pragma once

#include <registry/compat/actor.hpp>
#include <registry/node/node.hpp>
#include <registry/scope/requests.hpp>

#include <support/workers.hpp>

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>
#include <caf/scoped_actor.hpp>

#include <functional>
#include <optional>
#include <utility>
#include <vector>

namespace registry::testing {

/// One node in one actor system, with a scope of each mode, and an actor for the test itself.
class one_node {
public:
  /// With this many threads for actors; 0 leaves the number to CAF.
  explicit one_node(std::size_t workers = 0);
  ~one_node();
  one_node(const one_node&) = delete;
  one_node& operator=(const one_node&) = delete;

  /// An actor that ignores what it receives; it ends with this object at the latest.
  member spawn_idle();
  /// Ends an actor and returns when it has terminated; its entries may still be there.
  void end(const member& who);
  /// Ends an actor and returns when the scope has noticed.
  void end_and_wait(const member& who, scope& where);
  /// Checks repeatedly until the condition holds; fails the test after a minute.
  static void wait_until(const std::function<bool()>& condition);

  /// A request to the actor of a scope; fails the test on an error.
  template <class Request>
  value ask(scope& where, Request request) {
    value out;
    compat::request(self, where.actor(), std::chrono::seconds{60}, std::move(request))
        .receive([&](const value& answer) { out = answer; }, [&](const caf::error& e) { fail(e); });
    return out;
  }
  /// The same for requests with an empty response.
  template <class Request>
  void tell(scope& where, Request request) {
    compat::request(self, where.actor(), std::chrono::seconds{60}, std::move(request))
        .receive([] {}, [&](const caf::error& e) { fail(e); });
  }
  /// The error of a request; fails the test if there is none.
  template <class Result, class Request>
  error refused(scope& where, Request request) {
    std::optional<error> out;
    auto pending = compat::request(self, where.actor(), std::chrono::seconds{60}, std::move(request));
    const auto note = [&](const caf::error& e) { out = to_error(e); };
    if constexpr (std::is_void_v<Result>)
      std::move(pending).receive([] {}, note);
    else
      std::move(pending).receive([](const value&) {}, note);
    return out ? *out : not_refused();
  }

  /// Takes all `events` that are in the test's mailbox, in order.
  std::vector<event_ptr> taken_events();
  std::vector<event_batch> taken_batches();

  workers_config config;
  caf::actor_system system{config};
  node home;
  scope rooms; ///< duplicate mode
  scope names; ///< unique mode
  caf::scoped_actor self{system};

private:
  [[noreturn]] void fail(const caf::error& e);
  [[noreturn]] static error not_refused();
  error to_error(const caf::error& e);

  std::vector<member> idle_;
};

/// An event as text: `"join lobby [ann, bob]"` with the values of its entries.
std::string summary(const event& x);

} // namespace registry::testing
