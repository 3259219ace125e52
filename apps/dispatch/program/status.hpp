#pragma once

#include <registry/table/snapshot.hpp>

#include <string>

namespace dispatch {

/// The queues and their workers as a table for people; empty if there are none.
std::string status_table(const registry::table_snapshot& queues);

} // namespace dispatch
