#include <registry/internal/deferral.hpp>
#include <registry/internal/epoch.hpp>
#include <registry/internal/retire_list.hpp>

#include <algorithm>
#include <cassert>
#include <new>

namespace registry::inline v0_2::internal {
namespace {

constexpr std::size_t min_survey_interval = 128;

void free_one(const retired_object& x) noexcept {
  if (x.free == nullptr)
    ::operator delete(x.object);
  else
    x.free(x.object);
}

/// Makes the allocator merge freed memory. glibc delays that until a request exceeds what is at hand. That request would
/// come from a writer under the lock: 20 ms after 4,096 entries have gone. One request merges at most 10,000 pieces.
void settle_allocator() noexcept {
  for (int i = 0; i < 4; ++i) {
    auto* volatile some = ::operator new(std::size_t{64} << 10, std::nothrow); // volatile, or the compiler omits it
    ::operator delete(some);
  }
}

} // namespace

void free_blocks(retired_block* first) noexcept {
  if (first == nullptr)
    return;
  assert_unlocked(); // values and handles may be among them
  const auto of_bulk_work = first->of_bulk_work;
  while (first) {
    for (std::size_t i = 0; i < first->count; ++i)
      free_one(first->objects[i]);
    delete std::exchange(first, first->next);
  }
  if (of_bulk_work)
    settle_allocator();
}

void retire_list::chain::append(retired_block* head, retired_block* tail) noexcept {
  (last ? last->next : first) = head;
  last = tail;
}

retire_list::~retire_list() {
  free_blocks(ready_.first);
  free_blocks(sealed_.first);
  free_blocks(open_.first);
  delete spare_;
}

void retire_list::reserve(std::size_t count) {
  assert(count <= max_reservation);
  auto left = open_.last ? max_reservation - open_.last->count : 0;
  if (left < count && !spare_)
    spare_ = new retired_block;
}

void retire_list::retire(void* object, void (*free)(void*) noexcept) noexcept {
  if (!open_.last || open_.last->count == max_reservation) {
    assert(spare_);
    open_.append(spare_, spare_);
    spare_ = nullptr;
  }
  open_.last->objects[open_.last->count++] = {object, free};
  ++pending_;
  ++since_survey_;
}

garbage retire_list::collect() noexcept {
  return since_survey_ < survey_interval_ ? take_ready() : collect_now();
}

garbage retire_list::collect_now() noexcept {
  if (pending_ == 0)
    return {};
  auto found = expired();
  if (found.first != nullptr)
    ready_.append(found.first, found.last);
  return take_ready();
}

garbage retire_list::take_ready() noexcept {
  for (const auto* block = ready_.first; block != nullptr; block = block->next)
    pending_ -= block->count;
  if (ready_.first != nullptr)
    ready_.first->of_bulk_work = std::exchange(bulk_work_, false);
  return garbage(ready_.take().first);
}

/// Ends the epoch and takes out the objects that no reader can see any more.
retire_list::chain retire_list::expired() noexcept {
  if (open_.first) {
    auto epoch = end_epoch();
    for (auto* block = open_.first; block; block = block->next)
      block->epoch = epoch;
    sealed_.append(open_.first, open_.last);
    open_ = {};
  }
  auto survey = survey_readers();
  since_survey_ = 0;
  survey_interval_ = std::max(min_survey_interval, survey.slots);
  chain found;
  for (auto* block = sealed_.first; block && block->epoch < survey.oldest; block = block->next)
    found.last = block;
  if (found.last == nullptr)
    return found;
  found.first = sealed_.first;
  sealed_.first = std::exchange(found.last->next, nullptr);
  if (!sealed_.first)
    sealed_.last = nullptr;
  return found;
}

void retire_list::reclaim() noexcept {
  constexpr std::size_t worth_a_look = 1024; // about 64 KB and what they refer to
  constexpr std::size_t most = 8 * worth_a_look;
  bulk_work_ = true;
  if (since_survey_ < std::max(worth_a_look, survey_interval_))
    return;
  auto found = expired();
  std::size_t looked_at = 0;
  for (auto* block = found.first; block != nullptr;) {
    if (looked_at > most)
      return ready_.append(block, found.last); // a reader was inside for long: `collect` has time
    looked_at += block->count;
    std::size_t kept = 0;
    for (std::size_t i = 0; i < block->count; ++i) {
      if (block->objects[i].free == nullptr)
        free_one(block->objects[i]);
      else
        block->objects[kept++] = block->objects[i];
    }
    pending_ -= block->count - kept;
    block->count = kept;
    auto* const next = std::exchange(block->next, nullptr);
    // After the objects kept earlier, if there is room.
    if (auto* last = ready_.last; last != nullptr && last->count + kept <= max_reservation) {
      std::copy_n(block->objects.begin(), kept, last->objects.begin() + static_cast<std::ptrdiff_t>(last->count));
      last->count += kept;
      delete block;
    } else if (kept == 0) {
      delete block;
    } else {
      ready_.append(block, block);
    }
    block = next;
  }
}

} // namespace registry::inline v0_2::internal
