#pragma once

#include <registry/scope/messages.hpp>

#include <boost/describe/class.hpp>

#include <caf/type_id.hpp>

#include <cstdint>

namespace registry::inline v0_2 {

/// No longer sent; kept so that the later types keep their numbers.
struct coroutine_wake_up {};
BOOST_DESCRIBE_STRUCT(coroutine_wake_up, (), ())

/// Sent from another thread to a coroutine actor to resume the coroutine that waits under a number.
struct coroutine_resume {
  std::uint64_t number = 0;
};
BOOST_DESCRIBE_STRUCT(coroutine_resume, (), (number))

} // namespace registry::inline v0_2

CAF_BEGIN_TYPE_ID_BLOCK(registry_coroutines, caf::first_custom_type_id + 1500)

CAF_ADD_TYPE_ID(registry_coroutines, (registry::coroutine_wake_up))
CAF_ADD_TYPE_ID(registry_coroutines, (registry::coroutine_resume))

CAF_END_TYPE_ID_BLOCK(registry_coroutines)
