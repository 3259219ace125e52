#pragma once

#include <conformance/calls.hpp>
#include <conformance/ensemble.hpp>

namespace registry::conformance {

/// Sends the operations as requests to the actor of the scope; subscriptions are requested by the subscriber itself.
/// Operations without a message are called directly: `dispatch` with a callback, and specifications that mention an actor,
/// which the text notation cannot express.
class message_calls : public calls {
public:
  /// The ensemble must outlive this object.
  message_calls(scope where, ensemble& actors) : scope_(std::move(where)), direct_(scope_), actors_(actors) {}

  result<value> run(const operation& what, const member& by, subscription_ref named) override;

private:
  result<value> change(const operation& what, const member& by);
  result<value> read(const operation& what);
  result<value> query(const operation& what, const member& by);
  result<value> subscribe(const operation& what, const member& by, subscription_ref named);

  template <class Request>
  result<value> ask(const Request& question);
  template <class Request>
  result<value> tell(const Request& order, const value& answer = {});

  scope scope_;
  direct_calls direct_;
  ensemble& actors_;
};

} // namespace registry::conformance
