#include <simulation/observer.hpp>

namespace registry::simulation {

void observer::follow(std::span<const event_ptr> events, const store& content, const replica& from) {
  for (const auto& x : events)
    apply(*x, from);
  if (content.entries().size() != present_.size())
    throw violation("the events do not add up to the number of entries in the table");
  for (const auto& x : events)
    compare(x->key, content);
}

void observer::apply(const event& what, const replica& from) {
  if (what.commit != ++last_commit_)
    throw violation("a commit number is missing");
  if (what.entries.empty())
    throw violation("an event without entries");
  const bool local = what.entries.front().id.origin == 0;
  if (local)
    known_.note(self_, scope_, what);
  for (const auto& x : what.entries) {
    if ((x.id.origin == 0) != local)
      throw violation("an event about local and remote entries");
    if (what.what == verb::join)
      join(what, x, from);
    else if (what.what == verb::leave)
      leave(what, x);
    else
      update(what, x, from);
  }
}

incarnation observer::owner_of(const entry_id& id, const replica& from) {
  if (id.origin == 0)
    return self_;
  auto& found = owners_[id.origin];
  // Entries that came and left in one step: their owner is no longer known.
  const auto owner = from.owner(id.origin);
  if (owner && found && *owner != found)
    throw violation("an origin has changed its owner");
  if (owner)
    found = *owner;
  return found;
}

void observer::join(const event& what, const event_entry& x, const replica& from) {
  const auto name = history::name_of(x);
  if (const auto owner = owner_of(x.id, from))
    known_.check(owner, scope_, what.key, x);
  if (departed_.contains(name))
    throw violation("an entry that had left for good is back");
  if (!names_.insert(name).second)
    throw violation("an entry is there twice");
  if (!present_.emplace(x.id, shown{what.key, x.who, x.data}).second)
    throw violation("an entry joins twice");
}

void observer::leave(const event& what, const event_entry& x) {
  const auto found = present_.find(x.id);
  if (found == present_.end() || !identical(found->second.key, what.key))
    throw violation("an entry that is not there leaves");
  if (!identical(found->second.data, x.data) || !same_member(found->second.who, x.who))
    throw violation("an entry leaves with a wrong value or actor");
  present_.erase(found);
  const auto name = history::name_of(x);
  names_.erase(name);
  if (what.why != reason::node_down)
    departed_.insert(name);
}

void observer::update(const event& what, const event_entry& x, const replica& from) {
  const auto found = present_.find(x.id);
  if (found == present_.end() || !identical(found->second.key, what.key))
    throw violation("an entry that is not there is updated");
  if (!identical(found->second.data, x.previous))
    throw violation("an update has a wrong previous value");
  if (!(x.previous < x.data))
    throw violation("a value went back to an earlier one");
  if (const auto owner = owner_of(x.id, from))
    known_.check(owner, scope_, what.key, x);
  found->second.data = x.data;
}

void observer::compare(const value& key, const store& content) const {
  for (const auto& held : content.entries().find(key)) {
    const auto found = present_.find(held.id());
    if (found == present_.end() || !identical(found->second.key, key) || !identical(found->second.data, held.data) ||
        !same_member(found->second.who, held.who))
      throw violation("an entry in the table differs from the one of the events");
  }
}

} // namespace registry::simulation
