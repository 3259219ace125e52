#include <registry/compat/config.hpp>

#if REGISTRY_CAF_0_17
#include <caf/atom.hpp>
#include <caf/message.hpp>
#include <caf/pec.hpp>

#include <fstream>
#include <sstream>
#endif

namespace registry::compat {

namespace {

#if REGISTRY_CAF_0_17
/// What is behind a `#` outside of quotes; CAF 0.17 knows comments behind `;` only.
std::string without_comment(const std::string& line) {
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (quoted && line[i] == '\\')
      ++i;
    else if (line[i] == '"')
      quoted = !quoted;
    else if (line[i] == '#' && !quoted)
      return line.substr(0, i);
  }
  return line;
}
#endif

} // namespace

caf::error parse(caf::actor_system_config& config, int argc, char** argv, const std::string& file) {
#if REGISTRY_CAF_0_17
  std::stringstream content;
  std::ifstream in{file};
  for (std::string line; std::getline(in, line);)
    content << without_comment(line) << '\n';
  return config.parse(argc, argv, content);
#else
  config.config_file_path(file);
  return config.parse(argc, argv);
#endif
}

bool store(const caf::config_option& option, const caf::config_value& x) {
#if REGISTRY_CAF_0_17
  if (option.check(x))
    return false;
  option.store(x);
#else
  static_cast<void>(option);
  static_cast<void>(x);
#endif
  return true;
}

std::vector<std::string> remainder(const caf::actor_system_config& config) {
#if REGISTRY_CAF_0_17
  return config.remainder;
#else
  const auto rest = config.remainder();
  return {rest.begin(), rest.end()};
#endif
}

bool has_printed_help(const caf::actor_system_config& config) {
#if REGISTRY_CAF_0_17
  return config.cli_helptext_printed;
#else
  return config.helptext_printed();
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
