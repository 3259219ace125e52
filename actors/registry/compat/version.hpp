#pragma once

// The one place that asks which generation of CAF this is. `CAF_VERSION` itself is of no use: 1.1.0 spells it as an octal
// number. Only the files of this folder test the macro.

#include <caf/config.hpp>

#if CAF_MAJOR_VERSION == 0 && CAF_MINOR_VERSION == 17
#define REGISTRY_CAF_0_17 1
#elif CAF_MAJOR_VERSION >= 1
#define REGISTRY_CAF_0_17 0
#else
#error "registry needs CAF 0.17.6 or CAF 1.x"
#endif
