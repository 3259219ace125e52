#include <registry/internal/retire_list.hpp>
#include <registry/internal/trie.hpp>
#include <registry/table/internal/turns.hpp>

#include <algorithm>
#include <atomic>
#include <cassert>
#include <utility>
#include <vector>

namespace registry::inline v0_2 {

namespace {

constexpr std::size_t smallest_sweep = 1024;

using turn = std::atomic<std::uint32_t>;

struct turn_index {
  using key_type = value;
  using payload_type = turn;

  static void retain(payload_type*) noexcept { assert(false); } // no snapshots
  static void release(payload_type* p) noexcept { delete p; }
  static bool equal(const value& stored, const value& wanted) noexcept { return identical(stored, wanted); }
  static bool interchangeable(const value&, const value&) noexcept { return true; }
};

} // namespace

struct turns::state {
  explicit state(predicate keep) : in_use(std::move(keep)) {}

  void sweep();

  const predicate in_use;
  internal::retire_list retired;
  internal::trie<turn_index> numbers{retired};
  std::vector<value> keys; // those in the trie, which holds them until readers have left
  std::size_t sweep_at = smallest_sweep;
};

turns::turns(predicate in_use) : state_(std::make_unique<state>(std::move(in_use))) {}

turns::~turns() = default;

std::optional<std::uint32_t> turns::next(const value& key) noexcept {
  const internal::epoch_guard guard;
  if (auto* number = state_->numbers.peek(key.hash(), key))
    return number->fetch_add(1, std::memory_order_relaxed);
  return std::nullopt;
}

garbage turns::add(const value& key) {
  auto& [in_use, retired, numbers, keys, sweep_at] = *state_;
  if (numbers.peek(key.hash(), key) != nullptr)
    return {};
  if (keys.size() >= sweep_at)
    state_->sweep();
  keys.push_back(key);
  numbers.assign(key.hash(), key, internal::trie<turn_index>::payload_ptr(new turn(0)));
  return retired.collect();
}

std::size_t turns::size() const noexcept {
  return state_->keys.size();
}

void turns::state::sweep() {
  const auto unused = std::partition(keys.begin(), keys.end(), in_use);
  for (auto key = unused; key != keys.end(); ++key)
    numbers.erase(key->hash(), *key);
  keys.erase(unused, keys.end());
  sweep_at = std::max(smallest_sweep, 2 * keys.size());
}

} // namespace registry::inline v0_2
