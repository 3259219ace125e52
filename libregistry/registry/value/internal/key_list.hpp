#pragma once

#include <registry/value/value.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

// The keys of maps, stored apart from the maps, because most maps of a program have the same few sets of keys: the "maps" of
// Self (Chambers, Ungar, Lee 1989), which JavaScript engines call hidden classes or shapes.
//
// 1. A list is a counted block of at least one key: strings, sorted and distinct. Nothing in it changes but its count. A map
//    with a unique set of keys pays for one extra block.
// 2. Two lists may have the same keys. Sharing is attempted, not guaranteed: a comparison of maps compares the pointers
//    first, and the keys if the pointers differ.
// 3. Each thread remembers the lists that it has used, in a small table of fixed size that no other thread touches. So there
//    are no locks, threads share no counts unless they exchange maps, and useless memory is bounded.
// 4. A remembered list owns references in advance, its credit: a new map takes one of them and a destroyed map gives one
//    back, without touching the count. Other references are counted in the block, by any thread.
// 5. A thread that ends forgets all lists and remembers no more: maps made while it ends (or while the program ends) get
//    separate lists.

namespace registry::inline v0_2::internal {

/// A reference to the keys of a map. Any thread may drop it. Safe in destructors of thread-local and static objects.
class key_list {
public:
  key_list() noexcept = default;
  key_list(key_list&& other) noexcept : keys_(other.detach()) {}
  key_list& operator=(key_list&& other) noexcept {
    std::swap(keys_, other.keys_);
    return *this;
  }
  ~key_list() {
    if (keys_ != nullptr)
      release(keys_);
  }

  /// The list of the keys of these entries, in this order, if the calling thread remembers it; otherwise nothing. O(n),
  /// allocates nothing. A result implies that the keys are strings, sorted and distinct.
  static key_list recall(std::span<const map_entry> entries) noexcept;

  /// A list of these keys: a remembered one, or a new one into which they are moved. There must be at least one, and they
  /// must be strings, sorted and distinct. Throws only `std::bad_alloc`.
  static key_list of(std::span<map_entry> entries);

  /// One more reference to the keys of a map.
  static key_list share(const map_view& map) noexcept;

  [[nodiscard]] const value* data() const noexcept { return keys_; }
  explicit operator bool() const noexcept { return keys_ != nullptr; }
  /// Hands over the reference: the first key. Give it back with `release`.
  const value* detach() noexcept { return std::exchange(keys_, nullptr); }
  static void release(const value* keys) noexcept;

private:
  struct block_head;
  class memory;

  explicit key_list(const value* keys) noexcept : keys_(keys) {}
  static block_head& head_of(const value* keys) noexcept;
  static bool has_keys_of(const value* keys, std::span<const map_entry> entries) noexcept;
  static void drop(const value* keys, std::uint64_t references) noexcept;
  static std::uint64_t fingerprint(const value& key) noexcept;
  static std::uint32_t hash_of(std::span<const map_entry> entries) noexcept;

  const value* keys_ = nullptr;
};

} // namespace registry::inline v0_2::internal
