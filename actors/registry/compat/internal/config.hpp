#pragma once

#include <registry/compat/version.hpp>

#include <caf/actor_system_config.hpp>
#include <caf/config_option.hpp>
#include <caf/config_value.hpp>
#include <caf/error.hpp>

#include <string>
#include <vector>

namespace registry::inline v0_2::internal {

/// Sets defaults that serve a registry better than CAF's own; a configuration file or the command line may override them.
/// Workers of the scheduler wait for work instead of polling: an actor that gets a message while they are idle runs at once,
/// and an idle system does nothing. The thread that receives messages from other nodes also reads them.
void set_defaults(caf::actor_system_config& config);

/// Reads the command line and this file, which the command line may override. Files use the syntax of CAF 1.x: groups in
/// braces, comments after `#`.
caf::error parse(caf::actor_system_config& config, int argc, char** argv, const std::string& file);

/// Gives an option the value it has in a file, unless parsing has done so. False if the value is of the wrong type.
bool store(const caf::config_option& option, const caf::config_value& x);

/// The arguments on the command line after the options.
std::vector<std::string> remainder(const caf::actor_system_config& config);

/// Whether the command line requested a help text (or the configuration), which has been printed.
bool has_printed_help(const caf::actor_system_config& config);

/// Text for an error of CAF, without an actor system to render it.
std::string to_text(const caf::error& what);

} // namespace registry::inline v0_2::internal
