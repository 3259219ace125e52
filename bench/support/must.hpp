#pragma once

#include <registry/error/error.hpp>

namespace registry::bench {

/// Ends the process if an operation failed, because then its time means nothing.
void must(const result<void>& outcome);

} // namespace registry::bench
