#pragma once

#include <registry/compat/version.hpp>

#include <caf/result.hpp>
#include <caf/typed_actor.hpp>

#if REGISTRY_CAF_0_17
#include <caf/replies_to.hpp>
#endif

namespace registry::compat {

/// One message a typed actor handles, written as a function type: `replies<value(lookup_request)>`.
template <class Signature>
struct signature;

template <class Result, class... Args>
struct signature<Result(Args...)> {
#if REGISTRY_CAF_0_17
  using type = typename caf::replies_to<Args...>::template with<Result>;
#else
  using type = caf::result<Result>(Args...);
#endif
};

template <class... Args>
struct signature<void(Args...)> {
#if REGISTRY_CAF_0_17
  using type = typename caf::reacts_to<Args...>;
#else
  using type = caf::result<void>(Args...);
#endif
};

template <class Signature>
using replies = typename signature<Signature>::type;

} // namespace registry::compat
