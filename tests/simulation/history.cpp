#include <simulation/history.hpp>

#include <algorithm>

namespace registry::simulation {

std::int64_t history::number_of(const value& data) {
  const auto parts = data.as_list();
  const auto number = parts.empty() ? data.as_integer() : parts.front().as_integer();
  if (!number)
    throw violation("a value is of a kind that was never joined");
  return *number;
}

void history::note(const incarnation& owner, const std::string& scope, const event& what) {
  for (const auto& x : what.entries) {
    auto& known = records_[name_of(x)];
    if (what.what == verb::join) {
      if (!known.values.empty())
        throw violation("an owner used the number of an entry twice");
      known = {owner, scope, what.key, {}};
    }
    if (what.what != verb::leave)
      known.values.push_back(number_of(x.data));
  }
}

void history::check(const incarnation& owner, const std::string& scope, const value& key, const event_entry& shown) const {
  const auto found = records_.find(name_of(shown));
  if (found == records_.end())
    throw violation("an entry was never joined");
  const auto& known = found->second;
  if (known.owner != owner)
    throw violation("an entry is shown as another owner's");
  if (known.scope != scope || !identical(known.key, key))
    throw violation("an entry is in a scope or under a key where it was not joined");
  if (std::find(known.values.begin(), known.values.end(), number_of(shown.data)) == known.values.end())
    throw violation("an entry has a value that it never had");
}

} // namespace registry::simulation
