#include <registry/internal/member_entry_build.hpp>

#include <algorithm>
#include <cassert>

namespace registry::inline v0_2::internal {

void branch_list::append(const branch_list& more) noexcept {
  std::copy_n(more.items_.begin(), more.size_, items_.begin() + size_);
  size_ += more.size_;
}

void branch_list::append(std::span<const member_entry_branch> more) noexcept {
  for (const auto& b : more)
    items_[size_++] = {b.first, child_of(b)};
}

void branch_list::insert(std::size_t at, item added) noexcept {
  std::copy_backward(items_.begin() + at, items_.begin() + size_, items_.begin() + size_ + 1);
  items_[at] = added;
  ++size_;
}

void branch_list::erase(std::size_t at) noexcept {
  if (at == 0)
    items_[1].first = items_[0].first;
  std::copy(items_.begin() + at + 1, items_.begin() + size_, items_.begin() + at);
  --size_;
}

fresh_node<member_entry_inner> branch_list::make(unsigned height, std::uint64_t bound) const {
  void* memory = ::operator new(sizeof(member_entry_inner) + size_ * sizeof(member_entry_branch));
  fresh_node<member_entry_inner> n(new (memory) member_entry_inner(height, static_cast<unsigned>(size_)));
  n->bound.store(bound, std::memory_order_relaxed);
  auto* to = reinterpret_cast<member_entry_branch*>(n.get() + 1);
  for (std::size_t i = 0; i < size_; ++i)
    std::construct_at(to + i, items_[i].first, items_[i].child);
  return n;
}

void push_back(member_entry_leaf& n, const value& key, std::uint64_t position) noexcept {
  const auto count = n.count.load(std::memory_order_relaxed);
  assert(count < n.capacity && (count == 0 || n.rows().back().position < position));
  new (n.memory() + count) member_entry{key, position};
  n.count.store(count + 1, std::memory_order_release);
}

void push_back(member_entry_leaf& n, const member_entry& row) noexcept {
  const auto count = n.count.load(std::memory_order_relaxed);
  take_over(n.memory() + count, row);
  n.count.store(count + 1, std::memory_order_relaxed);
}

} // namespace registry::inline v0_2::internal
