#include <registry/replica/internal/snapshot_source.hpp>

#include <utility>

namespace registry::internal {

namespace {

/// About how many bytes the encoding of a value takes.
std::size_t size_of(const value& x) {
  switch (x.type()) {
  case value::kind::string:
    return 2 + x.as_string()->size();
  case value::kind::bytes:
    return 2 + x.as_bytes()->size();
  case value::kind::actor:
    return 40;
  case value::kind::list: {
    std::size_t size = 2;
    for (const auto& element : x.as_list())
      size += size_of(element);
    return size;
  }
  case value::kind::map: {
    std::size_t size = 2;
    for (const auto& pair : x.as_map())
      size += size_of(pair.key) + size_of(pair.mapped);
    return size;
  }
  default:
    return 9;
  }
}

} // namespace

snapshot_source::snapshot_source(const store::cut& from) : commit(from.commit) {
  from.entries.for_each([&](const value& key, const group& entries) {
    const auto before = digest.count;
    for (const auto& one : entries) {
      if (one.is_local())
        digest.add(one.number, key, one.who, one.data);
    }
    if (digest.count > before)
      rows.push_back({key, entries});
  });
}

snapshot_walk::snapshot_walk(std::shared_ptr<const snapshot_source> source) : source_(std::move(source)) {
  enter_row();
}

void snapshot_walk::enter_row() {
  if (!finished())
    at_ = source_->rows[row_].entries.begin();
}

std::vector<remote_group> snapshot_walk::next(std::size_t bytes) {
  std::vector<remote_group> out;
  std::size_t size = 0;
  while (!finished() && size < bytes) {
    const auto& [key, entries] = source_->rows[row_];
    remote_group part{key, {}};
    size += size_of(key);
    for (; at_ != entries.end() && (size < bytes || part.entries.empty()); ++at_) {
      if (!at_->is_local())
        continue;
      part.entries.push_back({at_->number, at_->who, at_->data});
      size += 46 + size_of(at_->data);
    }
    const bool ended = at_ == entries.end();
    if (!part.entries.empty())
      out.push_back(std::move(part));
    if (ended) {
      ++row_;
      enter_row();
    }
  }
  return out;
}

} // namespace registry::internal
