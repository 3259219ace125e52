#pragma once

#include <registry/table/snapshot.hpp>
#include <registry/value/value.hpp>

namespace cluster_tests {

/// The numbers of entries of other nodes that were added, removed and changed between two snapshots of a scope, under the
/// names of the events that a resynchronisation owes to subscribers: `{"join/resync": …, "leave/resync": …, "update/resync":
/// …}`, without zeros.
registry::value comparison_of(const registry::table_snapshot& before, const registry::table_snapshot& after);

} // namespace cluster_tests
