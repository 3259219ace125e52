#pragma once

#include <registry/compat/version.hpp>

#include <caf/actor_system_config.hpp>
#include <caf/error.hpp>

#include <string>

namespace registry::compat {

/// Reads the command line, and the file it names or the default one if it exists.
caf::error parse(caf::actor_system_config& config, int argc, char** argv, const std::string& default_file);

/// An error of CAF as text, without an actor system that could render it.
std::string to_text(const caf::error& what);

} // namespace registry::compat
