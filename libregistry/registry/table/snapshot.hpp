#pragma once

#include <registry/table/group.hpp>

#include <concepts>
#include <cstddef>
#include <memory>
#include <string_view>
#include <type_traits>
#include <utility>

namespace registry::inline v0_2 {

/// An immutable view of the whole table at one instant. Copyable, readable from any thread, valid for as long as it is held,
/// also after the table is gone. It costs the memory of the keys that have changed since it was taken.
///
/// The last copy frees the memory that no other view needs, on the thread that drops it, in time linear in the number of
/// keys that have changed since (of all keys, if the table is gone): drop it outside of locks.
class table_snapshot {
public:
  /// A view of nothing.
  table_snapshot() noexcept = default;
  ///@{
  /// Shares or takes the view. O(1).
  table_snapshot(const table_snapshot& other) noexcept;
  table_snapshot(table_snapshot&& other) noexcept { swap(other); }
  table_snapshot& operator=(const table_snapshot& other) noexcept {
    table_snapshot(other).swap(*this);
    return *this;
  }
  table_snapshot& operator=(table_snapshot&& other) noexcept {
    table_snapshot(std::move(other)).swap(*this);
    return *this;
  }
  ///@}
  ~table_snapshot() {
    if (root_)
      release();
  }
  /// Exchanges two views.
  void swap(table_snapshot& other) noexcept {
    std::swap(root_, other.root_);
    std::swap(size_, other.size_);
    std::swap(key_count_, other.key_count_);
  }

  ///@{
  /// The number of entries, and of keys. O(1).
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] std::size_t key_count() const noexcept { return key_count_; }
  ///@}
  /// The entries of a key. O(log n), wait-free.
  [[nodiscard]] group find(const value& key) const noexcept;
  /// The entries of a string key, without building a value. O(log n), wait-free.
  template <std::convertible_to<std::string_view> Text>
  [[nodiscard]] group find(const Text& key) const noexcept {
    return find_text(key);
  }
  /// Calls `visit(const value& key, const group& entries)` for every key, in no particular order (the same for two visits of
  /// one snapshot). Copy the group to keep it. An exception of `visit` ends the visit and passes through. O(n) in the keys.
  template <class Visitor>
  void for_each(Visitor&& visit) const {
    using visitor = std::remove_reference_t<Visitor>;
    visit_all([](void* context, const value& key, const group& entries) { (*static_cast<visitor*>(context))(key, entries); },
              const_cast<void*>(static_cast<const void*>(std::addressof(visit))));
  }

  /// The number of parts in which a view can be visited, for work in steps.
  static constexpr std::size_t parts = 1024;
  /// As `for_each`, for the keys of one part, `part < parts`: about a 1024th of them. Each key is in one part.
  template <class Visitor>
  void for_each_in_part(std::size_t part, Visitor&& visit) const {
    using visitor = std::remove_reference_t<Visitor>;
    visit_part(
        part, [](void* context, const value& key, const group& entries) { (*static_cast<visitor*>(context))(key, entries); },
        const_cast<void*>(static_cast<const void*>(std::addressof(visit))));
  }

private:
  friend class table;
  using callback = void (*)(void* context, const value& key, const group& entries);

  /// Takes over a reference to the root of an index.
  table_snapshot(void* root, std::size_t size, std::size_t key_count) noexcept
      : root_(root), size_(size), key_count_(key_count) {}
  [[nodiscard]] group find_text(std::string_view key) const noexcept;
  void release() noexcept;
  void visit_all(callback visit, void* context) const;
  void visit_part(std::size_t part, callback visit, void* context) const;

  void* root_ = nullptr;
  std::size_t size_ = 0;
  std::size_t key_count_ = 0;
};

} // namespace registry::inline v0_2
