#pragma once

#include <registry/compat/version.hpp>

#include <caf/actor_system_config.hpp>
#include <caf/config_option.hpp>
#include <caf/config_value.hpp>
#include <caf/error.hpp>

#include <string>
#include <vector>

namespace registry::internal {

/// Sets what serves a registry better than CAF's own defaults; a configuration file or the command line may still say otherwise.
/// Workers of the scheduler wait for work instead of looking for it now and then: an actor that gets a message while they are idle
/// runs at once, and nothing is done while nothing happens. Messages from other nodes are read by the thread that receives them.
void set_defaults(caf::actor_system_config& config);

/// Reads the command line and this file, which the command line may name, too. Files are written as CAF 1.x wants them: groups
/// in braces, comments behind `#`.
caf::error parse(caf::actor_system_config& config, int argc, char** argv, const std::string& file);

/// Gives an option the value it has in a file, unless parsing has done so. False if the value is of the wrong type.
bool store(const caf::config_option& option, const caf::config_value& x);

/// What stands on the command line behind the options.
std::vector<std::string> remainder(const caf::actor_system_config& config);

/// Whether the command line asked for a help text (or for the configuration), which has been printed.
bool has_printed_help(const caf::actor_system_config& config);

/// An error of CAF as text, without an actor system that could render it.
std::string to_text(const caf::error& what);

} // namespace registry::internal
