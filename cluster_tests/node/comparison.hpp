#pragma once

#include <registry/table/snapshot.hpp>
#include <registry/value/value.hpp>

namespace cluster_tests {

/// How many entries of other nodes were added, removed and changed between two views of a scope, named as the events that a
/// resynchronisation owes to subscribers: `{"join/resync": …, "leave/resync": …, "update/resync": …}`. What is 0 is left out.
registry::value comparison_of(const registry::table_snapshot& before, const registry::table_snapshot& after);

} // namespace cluster_tests
