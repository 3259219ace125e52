#pragma once

#include <dispatch/program/system_config.hpp>

#include <support/exit_status.hpp>

#include <registry/node/cluster_options.hpp>

#include <string_view>

namespace dispatch {

// The commands; each returns the exit status.

int run_worker(system_config& config, const registry::cluster_options& cluster);
int run_submit(system_config& config, const registry::cluster_options& cluster);
int run_status(system_config& config, const registry::cluster_options& cluster);
/// Three nodes in this process, eight workers, one of which is killed in the middle.
int run_demo();

/// Reports an error to the user; returns the exit status.
int fail(support::exit_status status, const registry::error& why);
/// Says something that is no error.
void tell_user(std::string_view text);
/// Says so if this node can find no other, although it needs the workers of others.
void tell_if_alone(const registry::cluster_options& cluster);

} // namespace dispatch
