#include <registry/entry/commit_log.hpp>

#include <utility>

namespace registry {

void commit_log::append(verb what, reason why, const value& key, std::vector<event_entry> entries) {
  ++last_commit_;
  if (observed_)
    keep(what, why, key, std::move(entries));
  else
    pending_.complete = false;
}

void commit_log::append_remote(verb what, reason why, const value& key, std::vector<event_entry> entries) {
  ++last_commit_;
  if (remote_observed_)
    keep(what, why, key, std::move(entries));
}

void commit_log::keep(verb what, reason why, const value& key, std::vector<event_entry> entries) {
  auto committed = std::make_shared<event>();
  committed->commit = last_commit_;
  committed->what = what;
  committed->why = why;
  committed->key = key;
  committed->entries = std::move(entries);
  pending_.events.push_back(std::move(committed));
}

void commit_log::touch(const member& who) {
  // Joins of one member tend to come in a row.
  if (pending_.touched.empty() || pending_.touched.back() != who)
    pending_.touched.push_back(who);
}

commit_log::batch commit_log::take() {
  pending_.last = last_commit_;
  return std::exchange(pending_, {{}, {}, last_commit_, last_commit_, true});
}

} // namespace registry
