#include <registry/store/commit_log.hpp>

#include <registry/value/codec.hpp>

#include <utility>

namespace registry::inline v0_2 {

namespace {

std::size_t bytes_of(const value& key, const std::vector<event_entry>& entries) noexcept {
  auto out = encoded_size_bound(key, commit_log::max_bytes);
  for (const auto& x : entries) {
    out += encoded_size_bound(x.data, commit_log::max_bytes);
    if (out > commit_log::max_bytes)
      break;
  }
  return out;
}

} // namespace

void commit_log::append(verb what, reason why, const value& key, std::vector<event_entry> entries, std::size_t bytes) {
  ++last_commit_;
  if (observed_)
    keep(what, why, key, std::move(entries), bytes);
  else
    pending_.complete = false;
}

void commit_log::append_remote(verb what, reason why, const value& key, std::vector<event_entry> entries) {
  ++last_commit_;
  if (!remote_observed_)
    return;
  const auto bytes = what == verb::leave ? 0 : bytes_of(key, entries);
  keep(what, why, key, std::move(entries), bytes);
}

void commit_log::keep(verb what, reason why, const value& key, std::vector<event_entry> entries, std::size_t bytes) {
  auto committed = std::make_shared<event>();
  committed->commit = last_commit_;
  committed->what = what;
  committed->why = why;
  committed->key = key;
  committed->entries = std::move(entries);
  committed->bytes = bytes + committed->entries.capacity() * sizeof(event_entry);
  pending_.bytes += committed->bytes;
  pending_.events.push_back(std::move(committed));
}

void commit_log::touch(const member& who) {
  // Joins of one member tend to come in succession.
  if (pending_.touched.empty() || pending_.touched.back() != who)
    pending_.touched.push_back(who);
}

commit_log::batch commit_log::take() {
  pending_.last = last_commit_;
  return std::exchange(pending_, {{}, {}, last_commit_, last_commit_, true, 0});
}

} // namespace registry::inline v0_2
