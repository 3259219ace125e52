#include <presence/who.hpp>

#include <set>

namespace presence {

registry::result<std::vector<std::string>> who_is_online(const registry::scope& people, std::string_view pattern) {
  const auto found = people.select("[$1, _, " + std::string{pattern} + "] -> $1");
  if (!found)
    return found.error();
  std::set<std::string> names; // who is online in two places has two entries
  for (const auto& name : found.value())
    names.emplace(name.as_string().value_or(""));
  return std::vector<std::string>(names.begin(), names.end());
}

} // namespace presence
