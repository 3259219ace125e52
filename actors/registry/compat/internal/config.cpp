#include <registry/compat/internal/config.hpp>

#if REGISTRY_CAF_0_17
#include <caf/atom.hpp>
#include <caf/message.hpp>
#include <caf/pec.hpp>

#include <sstream>
#else
#include <caf/sec.hpp>
#include <caf/settings.hpp>
#endif

#include <fstream>

namespace registry::inline v0_2::internal {

namespace {

#if REGISTRY_CAF_0_17
/// The comment after a `#` outside of quotes; CAF 0.17 only knows comments after `;`.
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
#else
/// CAF 1.x ignores values in a file that are of the wrong type.
caf::error check_types(caf::actor_system_config& config, const std::string& file) {
  std::ifstream in{file};
  const auto content = caf::actor_system_config::parse_config(in);
  if (!content)
    return {}; // it does not exist, or CAF is going to report it
  for (const auto& option : config.custom_options()) {
    const auto* found = caf::get_if(&*content, option.full_name());
    if (found == nullptr)
      continue;
    auto converted = *found;
    if (option.sync(converted))
      return caf::make_error(caf::sec::invalid_argument, "the option '" + std::string{option.full_name()} + "' cannot be " +
                                                             to_string(*found) + "; it is a <" +
                                                             std::string{option.type_name()} + ">");
  }
  return {};
}
#endif

} // namespace

void set_defaults(caf::actor_system_config& config) {
#if REGISTRY_CAF_0_17
  config.set("scheduler.policy", caf::atom("sharing"));
  config.set("middleman.workers", std::size_t{0});
#else
  config.set("caf.scheduler.policy", "sharing");
  // The option has no name before the middleman is loaded.
  caf::put(config.content, "caf.middleman.workers", std::size_t{0});
#endif
}

caf::error parse(caf::actor_system_config& config, int argc, char** argv, const std::string& file) {
#if REGISTRY_CAF_0_17
  std::stringstream content;
  std::ifstream in{file};
  for (std::string line; std::getline(in, line);)
    content << without_comment(line) << '\n';
  return config.parse(argc, argv, content);
#else
  if (auto failed = check_types(config, file))
    return failed;
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

} // namespace registry::inline v0_2::internal
