#include <registry/internal/deferral.hpp>
#include <registry/replica/internal/journal.hpp>

#include <algorithm>
#include <utility>

namespace registry::inline v0_2::internal {

namespace {

bool is_local(const event& x) {
  return x.entries.front().id.origin == 0;
}

remote_change described(const event& x) {
  remote_change out{x.commit, x.what, x.why, x.key, {}};
  out.entries.reserve(x.entries.size());
  for (const auto& one : x.entries)
    out.entries.push_back({one.id.number, one.who, one.data});
  return out;
}

/// The cost of keeping a delta.
std::size_t cost_of(const encoded_changes& x) {
  return x.body.cost() + sizeof x;
}

void follow(content_digest& digest, const event& x) {
  for (const auto& one : x.entries) {
    if (x.what != verb::join)
      digest.remove(one.id.number, x.key, one.who, x.what == verb::update ? one.previous : one.data);
    if (x.what != verb::leave)
      digest.add(one.id.number, x.key, one.who, one.data);
  }
}

} // namespace

void journal::restart(store::cut now) {
  begin_ = end() + 1; // so that every peer's place is before the first
  deferral::keep(std::exchange(deltas_, {}));
  cost_ = handles_ = 0;
  base_ = last_ = commit_ = now.commit;
  digest_ = {};
  now.entries.for_each([&](const value& key, const group& entries) {
    for (const auto& one : entries) {
      if (one.is_local())
        digest_.add(one.number, key, one.who, one.data);
    }
  });
  deferral::keep(std::move(now));
}

bool journal::append(const commit_log::batch& committed) {
  if (committed.last <= commit_)
    return true;
  if (committed.previous > commit_ || !committed.complete)
    return false;
  change_encoder encoder{last_};
  for (const auto& x : committed.events) {
    if (x->commit <= commit_ || !is_local(*x))
      continue;
    last_ = x->commit;
    follow(digest_, *x);
    encoder.add(described(*x));
    if (encoder.cost() >= frame_size_)
      add(encoder.take());
  }
  if (!encoder.empty())
    add(encoder.take());
  commit_ = committed.last;
  return true;
}

void journal::add(encoded_changes delta) {
  cost_ += cost_of(delta);
  handles_ += delta.body.handles.size();
  deltas_.push_back(std::move(delta));
  while (cost_ > capacity_)
    drop_first();
}

void journal::release_actors(std::uint64_t needed) {
  constexpr std::size_t bytes_of_actor = 1024;
  constexpr std::size_t few = 64;
  while (begin_ < needed && handles_ > std::max(few, capacity_ / bytes_of_actor))
    drop_first();
}

void journal::drop_first() {
  cost_ -= cost_of(deltas_.front());
  handles_ -= deltas_.front().body.handles.size();
  base_ = deltas_.front().last;
  deferral::keep(std::move(deltas_.front()));
  deltas_.pop_front();
  ++begin_;
}

std::optional<std::uint64_t> journal::after(std::uint64_t commit) const {
  if (commit < base_)
    return std::nullopt;
  const auto next =
      std::partition_point(deltas_.begin(), deltas_.end(), [&](const encoded_changes& x) { return x.last <= commit; });
  return begin_ + static_cast<std::uint64_t>(next - deltas_.begin());
}

} // namespace registry::inline v0_2::internal
