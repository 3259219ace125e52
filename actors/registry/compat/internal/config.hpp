#pragma once

#include <registry/compat/version.hpp>

#include <caf/actor_system_config.hpp>
#include <caf/config_option.hpp>
#include <caf/config_value.hpp>
#include <caf/error.hpp>
#include <caf/settings.hpp>

#include <string>
#include <variant>

namespace registry::inline v0_2::internal {

/// Sets defaults that serve a registry better than CAF's own; a configuration file or the command line may override them.
/// Workers of the scheduler wait for work instead of polling: an actor that gets a message while they are idle runs at once,
/// and an idle system does nothing. The thread that receives messages from other nodes also reads them.
void set_defaults(caf::actor_system_config& config);

/// Where and why a configuration file cannot be read.
struct syntax_fault {
  int line = 0;
  int column = 0;
  std::string what;
};

/// The groups and values of a configuration file with this content. Files are written as CAF 1.x wants them: groups in braces,
/// comments behind `#`.
std::variant<caf::settings, syntax_fault> parse_content(const std::string& content);

/// Gives CAF a file, whose content is this and well-formed.
caf::error load(caf::actor_system_config& config, const std::string& content);

/// Whether the value in a file is of the option's type.
bool fits(const caf::config_option& option, const caf::config_value& x);

/// Gives an option the value it has in a file, unless `load` has done so.
void store(const caf::config_option& option, const caf::config_value& x);

/// Gives an option the value of this text. False if it is of the wrong type.
bool assign(caf::actor_system_config& config, const caf::config_option& option, const std::string& text);

/// Text for an error of CAF, without an actor system to render it.
std::string to_text(const caf::error& what);

} // namespace registry::inline v0_2::internal
