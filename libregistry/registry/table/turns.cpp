#include <registry/internal/deferral.hpp>
#include <registry/internal/retire_list.hpp>
#include <registry/internal/trie.hpp>
#include <registry/table/turns.hpp>

#include <algorithm>
#include <atomic>
#include <cassert>
#include <mutex>
#include <utility>
#include <vector>

namespace registry {

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

  void add(const value& key);
  void sweep();

  const predicate in_use;
  mutable std::mutex lock; // of the writers
  internal::retire_list retired;
  internal::trie<turn_index> numbers{retired};
  std::vector<value> keys;
  std::size_t sweep_at = smallest_sweep;
};

turns::turns(predicate in_use) : state_(std::make_unique<state>(std::move(in_use))) {}

turns::~turns() = default;

std::uint32_t turns::next(const value& key) {
  for (;;) {
    {
      const internal::epoch_guard guard;
      if (auto* number = state_->numbers.peek(key.hash(), key))
        return number->fetch_add(1, std::memory_order_relaxed);
    }
    const internal::deferral after_the_lock;
    const std::lock_guard guard(state_->lock);
    state_->add(key);
  }
}

std::size_t turns::size() const {
  const std::lock_guard guard(state_->lock);
  return state_->keys.size();
}

void turns::state::add(const value& key) {
  if (numbers.peek(key.hash(), key) != nullptr)
    return; // somebody was faster
  if (keys.size() >= sweep_at)
    sweep();
  keys.push_back(key);
  numbers.assign(key.hash(), key, internal::trie<turn_index>::payload_ptr(new turn(0)));
  internal::deferral::keep(retired.collect());
}

void turns::state::sweep() {
  const auto unused = std::partition(keys.begin(), keys.end(), in_use);
  for (auto key = unused; key != keys.end(); ++key)
    numbers.erase(key->hash(), *key);
  internal::deferral::keep(std::vector<value>(std::make_move_iterator(unused), std::make_move_iterator(keys.end())));
  keys.erase(unused, keys.end());
  sweep_at = std::max(smallest_sweep, 2 * keys.size());
}

} // namespace registry
