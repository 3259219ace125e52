#pragma once

#include <conformance/calls.hpp>
#include <conformance/ensemble.hpp>
#include <conformance/trace.hpp>

#include <map>
#include <memory>
#include <string>

namespace registry::conformance {

/// One trace on its stage: a scope, the actors of the trace, a listener, and the subscriptions by their names in the trace.
/// To be used by one thread.
class performance {
public:
  /// `listener` is an actor of the ensemble that listens to the scope; `calls` works on this scope.
  performance(const trace& script, ensemble& actors, scope where, member listener, std::unique_ptr<calls> way);

  /// Runs an operation and returns its outcome, once all of its effects have happened; `timeout` if it does not end.
  result<observation> perform(const operation& what);

private:
  struct subscription {
    std::string name;
    member owner;
  };

  result<void> act(const operation& what, observation& into);
  void run(const operation& what, observation& into);
  void take_subscription(const operation& what, const member& owner, observation& into);
  result<void> wait_for_end_of(const member& who);
  result<void> settle(const operation& what);
  void collect(observation& into);
  void collect_from(const member& who, const std::string& name, observation& into);
  void collect_from_listener(observation& into);
  [[nodiscard]] std::string name_of(subscription_ref from, const std::string& receiver, const member& who) const;
  [[nodiscard]] subscription_ref find_subscription(const std::string& name) const;

  const trace& script_;
  ensemble& actors_;
  scope scope_;
  member listener_;
  member outsider_; // makes the calls that no actor of the trace makes
  std::unique_ptr<calls> calls_;
  std::map<subscription_ref, subscription> subscriptions_;
};

} // namespace registry::conformance
