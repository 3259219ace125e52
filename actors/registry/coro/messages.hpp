#pragma once

#include <registry/compat/inspect.hpp>

#include <boost/describe/class.hpp>

#include <caf/type_id.hpp>

namespace registry {

/// What a coroutine actor sends to itself when a time is up.
struct coroutine_wake_up {};
BOOST_DESCRIBE_STRUCT(coroutine_wake_up, (), ())

template <class Inspector>
auto inspect(Inspector& f, coroutine_wake_up& x) {
  return compat::inspect_described(f, x);
}

} // namespace registry

CAF_BEGIN_TYPE_ID_BLOCK(registry_coroutines, caf::first_custom_type_id + 1500)

CAF_ADD_TYPE_ID(registry_coroutines, (registry::coroutine_wake_up))

CAF_END_TYPE_ID_BLOCK(registry_coroutines)
