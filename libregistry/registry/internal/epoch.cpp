#include <registry/internal/epoch.hpp>

#include <algorithm>
#include <limits>

namespace registry::internal {
namespace {

constinit std::atomic<epoch_slot*> first_slot{nullptr};
constinit thread_local bool thread_is_ending = false;

epoch_slot* reuse_slot() noexcept {
  for (auto* slot = first_slot.load(std::memory_order_acquire); slot; slot = slot->next) {
    bool taken = false;
    if (slot->taken.compare_exchange_strong(taken, true, std::memory_order_acquire, std::memory_order_relaxed))
      return slot;
  }
  return nullptr;
}

epoch_slot* make_slot() noexcept {
  auto* slot = new epoch_slot;
  slot->next = first_slot.load(std::memory_order_relaxed);
  while (!first_slot.compare_exchange_weak(slot->next, slot, std::memory_order_acq_rel, std::memory_order_relaxed)) {
  }
  return slot;
}

/// Hands the slot of a thread back when the thread ends. Other thread-local destructors may still read after that: they get
/// a slot for the time of each outermost guard.
struct slot_keeper {
  ~slot_keeper() {
    thread_is_ending = true;
    if (auto* slot = current_slot) {
      slot->transient = true;
      if (slot->depth == 0)
        abandon_slot(*slot);
    }
  }
};

} // namespace

epoch_slot& adopt_slot() noexcept {
  auto* slot = reuse_slot();
  if (!slot)
    slot = make_slot();
  slot->transient = thread_is_ending;
  current_slot = slot;
  if (!thread_is_ending) {
    [[maybe_unused]] static thread_local slot_keeper keeper;
  }
  return *slot;
}

void abandon_slot(epoch_slot& slot) noexcept {
  current_slot = nullptr;
  slot.taken.store(false, std::memory_order_release);
}

epoch_survey survey_readers() noexcept {
  epoch_survey result{std::numeric_limits<std::uint64_t>::max(), 0};
  // Invariant 4 holds for the list as well: a thread that adds its slot after this look synchronises with it.
  for (auto* slot = first_slot.fetch_add(0, std::memory_order_acq_rel); slot; slot = slot->next) {
    ++result.slots;
    if (auto epoch = slot->epoch.fetch_add(0, std::memory_order_acq_rel); epoch != 0)
      result.oldest = std::min(result.oldest, epoch);
  }
  return result;
}

} // namespace registry::internal
