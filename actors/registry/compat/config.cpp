#include <registry/compat/config.hpp>

#if REGISTRY_CAF_0_17
#include <caf/atom.hpp>
#include <caf/message.hpp>
#include <caf/pec.hpp>
#endif

namespace registry::compat {

caf::error parse(caf::actor_system_config& config, int argc, char** argv, const std::string& default_file) {
#if REGISTRY_CAF_0_17
  return config.parse(argc, argv, default_file.c_str());
#else
  config.config_file_path(default_file);
  return config.parse(argc, argv);
#endif
}

std::string to_text(const caf::error& what) {
#if REGISTRY_CAF_0_17
  const auto code = static_cast<caf::pec>(what.code());
  auto text = what.category() == caf::atom("parser") ? to_string(code) : "error " + std::to_string(what.code());
  if (!what.context().empty())
    text += " in " + to_string(what.context());
  return text;
#else
  return to_string(what);
#endif
}

} // namespace registry::compat
