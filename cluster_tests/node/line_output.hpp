#pragma once

#include <registry/value/value.hpp>

namespace cluster_tests {

/// Writes a value as a line of JSON to the standard output, as a whole. Ends the process if nobody reads it any more. Any
/// thread.
void write_line(const registry::value& x);

} // namespace cluster_tests
