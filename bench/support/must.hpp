#pragma once

#include <registry/error/error.hpp>

namespace registry::bench {

/// Ends the process if an operation failed, because its time would mean nothing.
void must(const result<void>& outcome);

} // namespace registry::bench
