#pragma once

#include <registry/link/owned_descriptor.hpp>

namespace registry::inline v0_2 {

using owned_socket = owned_descriptor;

} // namespace registry::inline v0_2
