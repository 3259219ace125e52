#pragma once

#include <registry/entry/digest.hpp>
#include <registry/store/store.hpp>
#include <registry/wire/internal/codec.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>

namespace registry::inline v0_2::internal {

/// The recent local changes of a scope, encoded as consecutive deltas without a gap, and the digest of all local entries.
/// Deltas are numbered from 1; old ones are dropped when their total cost is too high.
class journal {
public:
  journal(std::size_t capacity, std::size_t frame_size) noexcept : capacity_(capacity), frame_size_(frame_size) {}

  /// Forgets all deltas and starts from this view. O(n).
  void restart(store::cut now);
  /// Takes committed changes and skips those that `restart` has seen. False if a local change is missing: call `restart`
  /// then.
  [[nodiscard]] bool append(const commit_log::batch& committed);
  /// Drops deltas before the needed one while they name many actors: an actor stays in memory as long as there is a handle
  /// to it, even after it has terminated.
  void release_actors(std::uint64_t needed);

  /// The last commit taken.
  [[nodiscard]] std::uint64_t commit() const noexcept { return commit_; }
  /// The last local change up to there.
  [[nodiscard]] std::uint64_t last_change() const noexcept { return last_; }
  /// The digest of the local entries at that commit.
  [[nodiscard]] const content_digest& digest() const noexcept { return digest_; }
  /// The numbers of the first delta still kept, and of the next one to come.
  [[nodiscard]] std::uint64_t begin() const noexcept { return begin_; }
  [[nodiscard]] std::uint64_t end() const noexcept { return begin_ + deltas_.size(); }
  [[nodiscard]] const encoded_changes& operator[](std::uint64_t number) const { return deltas_[number - begin_]; }
  /// The next delta for a peer that has everything up to a commit; nothing if it is no longer kept.
  [[nodiscard]] std::optional<std::uint64_t> after(std::uint64_t commit) const;

private:
  void add(encoded_changes delta);
  void drop_first();

  std::size_t capacity_;
  std::size_t frame_size_;
  std::deque<encoded_changes> deltas_;
  std::size_t cost_ = 0;
  std::size_t handles_ = 0;
  std::uint64_t begin_ = 1;
  std::uint64_t base_ = 0; // the deltas contain all changes after this commit
  std::uint64_t last_ = 0; // the last local change
  std::uint64_t commit_ = 0;
  content_digest digest_;
};

} // namespace registry::inline v0_2::internal
