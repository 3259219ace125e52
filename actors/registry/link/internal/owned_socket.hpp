#pragma once

#include <registry/link/owned_descriptor.hpp>

namespace registry {

using owned_socket = owned_descriptor;

} // namespace registry
