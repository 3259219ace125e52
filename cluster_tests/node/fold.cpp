#include <node/fold.hpp>

#include <algorithm>

namespace cluster_tests {

using namespace registry;

namespace {

template <class Entries>
auto find(Entries& entries, const entry_id& id) {
  return std::find_if(entries.begin(), entries.end(), [&](const auto& x) { return x.id == id; });
}

bool same(const event_entry& a, const entry& b) {
  return a.id == b.id() && same_member(a.who, b.who) && identical(a.data, b.data);
}

} // namespace

void fold::start(const subscription_start& from) {
  commit_ = from.commit;
  groups_.clear();
  from.snapshot.for_each([this](const value& key, const group& entries) {
    auto& known = groups_[key];
    for (const auto& x : entries)
      known.push_back({x.id(), x.who, x.data, {}});
  });
}

void fold::apply(const event& change) {
  if (change.commit != commit_ + 1)
    blame(change, "is not the next one");
  commit_ = change.commit;
  auto& entries = groups_[change.key];
  switch (change.what) {
  case verb::join:
    join(change, entries);
    break;
  case verb::leave:
    leave(change, entries);
    break;
  case verb::update:
    update(change, entries);
    break;
  }
  if (entries.empty())
    groups_.erase(change.key);
}

void fold::join(const event& change, group_entries& entries) {
  for (const auto& x : change.entries) {
    if (find(entries, x.id) != entries.end())
      blame(change, "adds an entry that is already there");
    entries.push_back(x);
  }
}

void fold::leave(const event& change, group_entries& entries) {
  for (const auto& x : change.entries) {
    const auto found = find(entries, x.id);
    if (found == entries.end())
      return blame(change, "removes an entry that is not there");
    if (!identical(found->data, x.data))
      blame(change, "removes an entry with another value");
    entries.erase(found);
  }
}

void fold::update(const event& change, group_entries& entries) {
  for (const auto& x : change.entries) {
    const auto found = find(entries, x.id);
    if (found == entries.end())
      return blame(change, "changes an entry that is not there");
    if (!identical(found->data, x.previous))
      blame(change, "changes an entry with another previous value");
    found->data = x.data;
  }
}

void fold::blame(const event& change, const char* why) {
  if (fault_.empty())
    fault_ = "the " + std::string{to_string(change.what)} + " of " + to_string(change.key) + " in commit " +
             std::to_string(change.commit) + " " + why;
}

std::string fold::difference(const table_snapshot& table) const {
  std::string out;
  if (table.key_count() != groups_.size())
    out = "the table has " + std::to_string(table.key_count()) + " keys, the fold " + std::to_string(groups_.size());
  table.for_each([&](const value& key, const group& entries) {
    if (!out.empty())
      return;
    const auto found = groups_.find(key);
    if (found == groups_.end())
      out = "the fold has no " + to_string(key);
    else if (!std::equal(found->second.begin(), found->second.end(), entries.begin(), entries.end(), same))
      out = "the entries of " + to_string(key) + " differ";
  });
  return out;
}

} // namespace cluster_tests
