#pragma once

/// @file
/// The generation of CAF.

/// @def REGISTRY_CAF_0_17
/// 1 for CAF 0.17, 0 for CAF 1.x. Applications that build on both may test it. `CAF_VERSION` itself is of no use: 1.1.0
/// spells it as an octal number.

#include <caf/config.hpp>

#if CAF_MAJOR_VERSION == 0 && CAF_MINOR_VERSION == 17
#define REGISTRY_CAF_0_17 1
#elif CAF_MAJOR_VERSION >= 1
#define REGISTRY_CAF_0_17 0
#else
#error "registry needs CAF 0.17.6 or CAF 1.x"
#endif
