#pragma once

#include <registry/entry/digest.hpp>
#include <registry/store/store.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace registry::internal {

/// The local entries of a scope at one commit, in an order in which they can be sent in parts.
struct snapshot_source {
  struct row {
    value key;
    group entries; // not only the local ones
  };

  std::uint64_t commit = 0;
  /// The keys with local entries.
  std::vector<row> rows;
  content_digest digest;

  /// O(n), but for the caller alone: no reader or writer of the table waits.
  explicit snapshot_source(const store::cut& from);
};

/// A walk through a source in parts of bounded size.
class snapshot_walk {
public:
  explicit snapshot_walk(std::shared_ptr<const snapshot_source> source);

  [[nodiscard]] const snapshot_source& source() const noexcept { return *source_; }
  [[nodiscard]] bool finished() const noexcept { return row_ == source_->rows.size(); }
  /// The next entries, about so many bytes of them when encoded; at least one.
  [[nodiscard]] std::vector<remote_group> next(std::size_t bytes);

private:
  void enter_row();

  std::shared_ptr<const snapshot_source> source_;
  std::size_t row_ = 0;
  group::iterator at_;
};

} // namespace registry::internal
