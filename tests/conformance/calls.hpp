#pragma once

#include <conformance/trace.hpp>
#include <registry/error/error.hpp>
#include <registry/scope/scope.hpp>

namespace registry::conformance {

/// A way to perform the operations of a trace, except for `spawn` and `exit`, on a scope.
class calls {
public:
  virtual ~calls() = default;

  /// Runs an operation and returns its result as traces write it; for `monitor` and `monitor_scope` that is
  /// `[number of the subscription, snapshot]`. `by` is the actor that makes the call, `named` the subscription to end.
  virtual result<value> run(const operation& what, const member& by, subscription_ref named) = 0;
};

/// Calls the functions of `scope`.
class direct_calls : public calls {
public:
  explicit direct_calls(scope where) : scope_(std::move(where)) {}

  result<value> run(const operation& what, const member& by, subscription_ref named) override;

private:
  result<value> change(const operation& what, const member& by);
  result<value> read(const operation& what) const;
  result<value> query(const operation& what) const;
  result<value> subscribe(const operation& what, const member& by, subscription_ref named);

  scope scope_;
};

} // namespace registry::conformance
