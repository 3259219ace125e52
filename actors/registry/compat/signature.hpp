#pragma once

#include <registry/compat/version.hpp>

#include <caf/result.hpp>
#include <caf/typed_actor.hpp>

#if REGISTRY_CAF_0_17
#include <caf/replies_to.hpp>
#endif

namespace registry::inline v0_2::compat {

/// One message type of a typed actor, written as a function type; see `replies`.
template <class Signature>
struct signature;

/// A message with a response.
template <class Result, class... Args>
struct signature<Result(Args...)> {
#if REGISTRY_CAF_0_17
  using type = typename caf::replies_to<Args...>::template with<Result>; ///< the spelling of this CAF
#else
  using type = caf::result<Result>(Args...); ///< the spelling of this CAF
#endif
};

/// A message without a response.
template <class... Args>
struct signature<void(Args...)> {
#if REGISTRY_CAF_0_17
  using type = typename caf::reacts_to<Args...>; ///< the spelling of this CAF
#else
  using type = caf::result<void>(Args...); ///< the spelling of this CAF
#endif
};

/// One message of a typed actor in the spelling of this CAF: `caf::typed_actor<replies<value(lookup_request)>>`.
template <class Signature>
using replies = typename signature<Signature>::type;

} // namespace registry::inline v0_2::compat
