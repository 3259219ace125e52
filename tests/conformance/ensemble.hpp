#pragma once

#include <conformance/journal.hpp>
#include <registry/actor/handle.hpp>
#include <registry/compat/actor.hpp>
#include <registry/error/error.hpp>
#include <registry/member/member.hpp>
#include <registry/scope/scope_actor.hpp>

#include <caf/actor_system.hpp>
#include <caf/scoped_actor.hpp>

#include <chrono>
#include <memory>
#include <vector>

namespace registry::conformance {

/// The time limit of any step in a replay.
inline constexpr std::chrono::seconds patience{30};

/// The real actors that play the actors and the listener of a trace: each records what it receives. To be used by one
/// thread. The destructor ends them.
class ensemble {
public:
  explicit ensemble(caf::actor_system& system);
  ~ensemble();
  ensemble(const ensemble&) = delete;
  ensemble& operator=(const ensemble&) = delete;

  /// Starts an actor.
  member spawn();
  /// Ends an actor and returns when it has terminated and all actors that monitor it have been notified; `timeout` if it
  /// does not.
  result<void> end(const member& who);
  /// Returns when every actor has handled all messages that were sent before the call; `timeout` if one does not.
  result<void> settle();
  /// The messages an actor has received since the last call. Complete after `settle`.
  journal::content received_by(const member& who);
  /// Whether an actor has not been ended.
  [[nodiscard]] bool is_alive(const member& who) const;

  /// Sends a request to a scope actor, and returns the response: a value, or nothing.
  template <class Request>
  result<value> ask(const scope_actor& scope, const Request& question);
  template <class Request>
  result<void> tell(const scope_actor& scope, const Request& order);
  /// Has an actor send a request to a scope actor, and returns the response.
  template <class Request>
  result<value> ask_as(const member& who, const scope_actor& scope, const Request& question);

private:
  struct role {
    member who;
    std::shared_ptr<journal> received;
    bool alive = true;
  };
  role& of(const member& who);
  static error as_error(const caf::error& e);

  caf::scoped_actor self_;
  std::vector<role> roles_;
};

template <class Request>
result<value> ensemble::ask(const scope_actor& scope, const Request& question) {
  result<value> out = error(errc::timeout);
  compat::request(self_.ptr(), scope, patience, question)
      .receive([&](const value& answer) { out = answer; }, [&](const caf::error& e) { out = as_error(e); });
  return out;
}

template <class Request>
result<void> ensemble::tell(const scope_actor& scope, const Request& order) {
  result<void> out = error(errc::timeout);
  compat::request(self_.ptr(), scope, patience, order)
      .receive([&] { out = success(); }, [&](const caf::error& e) { out = as_error(e); });
  return out;
}

template <class Request>
result<value> ensemble::ask_as(const member& who, const scope_actor& scope, const Request& question) {
  result<value> out = error(errc::timeout);
  compat::request(self_.ptr(), caf::actor_cast<caf::actor>(who), patience, registry::as_member(scope), question)
      .receive([&](const value& answer) { out = answer; }, [&](const caf::error& e) { out = as_error(e); });
  return out;
}

} // namespace registry::conformance
