#pragma once

#include <dispatch/program/system_config.hpp>

#include <registry/node/cluster_options.hpp>

namespace dispatch {

/// Exit statuses of the program.
inline constexpr int all_well = 0;
inline constexpr int jobs_failed = 1;
inline constexpr int cannot_run = 2;

// The sub-commands; each returns the exit status.

int run_worker(system_config& config, const registry::cluster_options& cluster);
int run_submit(system_config& config, const registry::cluster_options& cluster);
int run_status(system_config& config, const registry::cluster_options& cluster);
/// Three nodes in this process, eight workers, one of which is killed in the middle.
int run_demo();

/// Reports an error to the user; returns `cannot_run`.
int fail(const registry::error& why);

} // namespace dispatch
