#include <registry/compat/internal/config.hpp>

#if REGISTRY_CAF_0_17
#include <caf/atom.hpp>
#include <caf/message.hpp>
#include <caf/pec.hpp>

#include <algorithm>
#include <cstdint>
#else
#include <cstdio>
#endif

#include <array>
#include <sstream>
#include <utility>

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

std::string prepared(const std::string& content) {
  std::stringstream out;
  std::istringstream in{content};
  for (std::string line; std::getline(in, line);)
    out << without_comment(line) << '\n';
  return out.str();
}

syntax_fault fault_in(const caf::error& what) {
  auto text = to_string(static_cast<caf::pec>(what.code()));
  std::ranges::replace(text, '_', ' ');
  const auto& at = what.context();
  if (!at.match_elements<caf::settings>())
    return {0, 0, text};
  const auto& place = at.get_as<caf::settings>(0);
  const auto number = [&](caf::string_view name) { return static_cast<int>(caf::get_or(place, name, std::int64_t{0})); };
  return {number("line"), number("column"), text};
}
#else
std::string prepared(const std::string& content) {
  return content;
}

syntax_fault fault_in(const caf::error& what) {
  // CAF has the place in a text only.
  const auto text = to_string(what);
  syntax_fault out{0, 0, "it is not what stands in a configuration file"};
  if (const auto at = text.find("in line "); at != std::string::npos)
    std::sscanf(text.c_str() + at, "in line %d column %d", &out.line, &out.column);
  return out;
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

std::variant<caf::settings, syntax_fault> parse_content(const std::string& content) {
  std::istringstream in{prepared(content)};
  auto parsed = caf::actor_system_config::parse_config(in);
  if (!parsed)
    return fault_in(parsed.error());
  return std::move(*parsed);
}

caf::error load(caf::actor_system_config& config, const std::string& content) {
  std::istringstream in{prepared(content)};
#if REGISTRY_CAF_0_17
  std::string name{"program"};
  std::array<char*, 2> arguments{name.data(), nullptr};
  return config.parse(1, arguments.data(), in);
#else
  // CAF's `parse` reads the environment, too, and says less about what is wrong there.
  return caf::actor_system_config::parse_config(in, config.custom_options(), config.content);
#endif
}

bool fits(const caf::config_option& option, const caf::config_value& x) {
#if REGISTRY_CAF_0_17
  return !option.check(x);
#else
  auto converted = x;
  return !option.sync(converted);
#endif
}

void store(const caf::config_option& option, const caf::config_value& x) {
#if REGISTRY_CAF_0_17
  option.store(x);
#else
  static_cast<void>(option);
  static_cast<void>(x);
#endif
}

bool assign(caf::actor_system_config& config, const caf::config_option& option, const std::string& text) {
#if REGISTRY_CAF_0_17
  const auto value = option.parse(text);
  if (!value)
    return false;
  caf::put(config.content, option.full_name(), *value);
#else
  caf::config_value value{text};
  if (option.sync(value))
    return false;
  caf::put(config.content, option.full_name(), std::move(value));
#endif
  return true;
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
