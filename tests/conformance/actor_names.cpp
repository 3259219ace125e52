#include <conformance/actor_names.hpp>

#include <algorithm>

namespace registry::conformance {

bool actor_names::add(std::string name, const member& who) {
  if (find(name) != nullptr)
    return false;
  actors_.emplace_back(std::move(name), who);
  return true;
}

member actor_names::find(std::string_view name) const {
  const auto found = std::find_if(begin(), end(), [&](const auto& x) { return x.first == name; });
  return found == end() ? nullptr : found->second;
}

std::string actor_names::name_of(const member& who) const {
  const auto found = std::find_if(begin(), end(), [&](const auto& x) { return same_member(x.second, who); });
  if (found != end())
    return found->first;
  return who == nullptr ? "no actor" : "unknown actor " + std::to_string(who->id());
}

} // namespace registry::conformance
