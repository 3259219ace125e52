#include <registry/replica/internal/snapshot_walk.hpp>

#include <algorithm>
#include <utility>

namespace registry::inline v0_2::internal {

content_digest digest_of_local(const table_snapshot& entries) {
  content_digest out;
  entries.for_each([&](const value& key, const group& of_key) {
    for (const auto& one : of_key) {
      if (one.is_local())
        out.add(one.number, key, one.who, one.data);
    }
  });
  return out;
}

snapshot_walk::snapshot_walk(snapshot_source source) : source_(std::move(source)) {
  fetch();
}

/// The rows of the next part that contains local entries.
void snapshot_walk::fetch() {
  rows_.clear();
  row_ = 0;
  while (rows_.empty() && part_ < table_snapshot::parts) {
    source_.entries.for_each_in_part(part_++, [&](const value& key, const group& entries) {
      if (std::any_of(entries.begin(), entries.end(), [](const entry& x) { return x.is_local(); }))
        rows_.push_back({key, entries});
    });
  }
  if (!finished())
    at_ = rows_.front().entries.begin();
}

encoded_groups snapshot_walk::next(std::size_t bytes) {
  group_encoder out;
  while (!finished() && out.cost() < bytes) {
    encode_row(out, bytes);
    if (at_ != rows_[row_].entries.end())
      continue;
    if (++row_ == rows_.size())
      fetch();
    else
      at_ = rows_[row_].entries.begin();
  }
  return out.take();
}

/// The entries of a row that fit, at least one.
void snapshot_walk::encode_row(group_encoder& to, std::size_t bytes) {
  const auto& [key, entries] = rows_[row_];
  chosen_.clear();
  for (auto size = to.cost(); at_ != entries.end() && (size < bytes || chosen_.empty()); ++at_) {
    if (!at_->is_local())
      continue;
    constexpr std::size_t numbers_and_handle = 46;
    size += numbers_and_handle + encoded_size_bound(at_->data, bytes);
    chosen_.push_back(&*at_);
  }
  if (!chosen_.empty())
    to.add(key, chosen_);
}

} // namespace registry::inline v0_2::internal
