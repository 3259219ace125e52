#pragma once

#include <registry/entry/digest.hpp>
#include <registry/store/store.hpp>
#include <registry/wire/internal/codec.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace registry::inline v0_2::internal {

/// The local entries of a scope at one commit, and the data sent before and after them.
struct snapshot_source {
  std::uint64_t commit = 0;
  table_snapshot entries; // not only the local ones
  /// Of the local entries.
  content_digest digest;
};

/// The digest of the local entries of a view. O(n).
[[nodiscard]] content_digest digest_of_local(const table_snapshot& entries);

/// A walk through a source in parts of bounded size. It starts at once, whatever the size of the source, and keeps only the
/// view and the keys it will visit next.
class snapshot_walk {
public:
  explicit snapshot_walk(snapshot_source source);

  [[nodiscard]] const snapshot_source& source() const noexcept { return source_; }
  [[nodiscard]] bool finished() const noexcept { return row_ == rows_.size(); }
  /// The next entries, about this many bytes of them; at least one.
  [[nodiscard]] encoded_groups next(std::size_t bytes);

private:
  struct row {
    value key;
    group entries;
  };

  void fetch();
  void encode_row(group_encoder& to, std::size_t bytes);

  snapshot_source source_;
  std::size_t part_ = 0; // of the view, the next to be fetched
  std::vector<row> rows_;
  std::size_t row_ = 0;
  group::iterator at_; // the next entry of the row
  std::vector<const entry*> chosen_;
};

} // namespace registry::inline v0_2::internal
