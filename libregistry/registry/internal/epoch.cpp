#include <registry/error/internal/out_of_memory.hpp>
#include <registry/internal/epoch.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <limits>

namespace registry::inline v0_2::internal {
namespace {

constinit std::atomic<epoch_slot*> list{nullptr};
constinit std::atomic<bool> maintaining{false};
constinit thread_local bool thread_is_ending = false;

// -- all slots, by number -----------------------------------------------------------------------------------------------

// In chunks of doubling size, so that no slot ever moves: chunk k has the 2^k slots from number 2^k on.
constinit std::array<std::atomic<epoch_slot*>, 32> pieces{};
constinit std::atomic<std::uint32_t> last_number{0};

epoch_slot& slot_of(std::uint32_t number) noexcept {
  const auto piece = static_cast<std::size_t>(std::bit_width(number) - 1);
  return pieces[piece].load(std::memory_order_acquire)[number - (std::uint32_t{1} << piece)];
}

epoch_slot& make_slot() noexcept {
  const auto number = last_number.fetch_add(1, std::memory_order_relaxed) + 1;
  const auto piece = static_cast<std::size_t>(std::bit_width(number) - 1);
  if (pieces[piece].load(std::memory_order_acquire) == nullptr) {
    auto* fresh =
        without_failing("a thread reads for the first time", [&] { return new epoch_slot[std::size_t{1} << piece]; });
    epoch_slot* none = nullptr;
    if (!pieces[piece].compare_exchange_strong(none, fresh, std::memory_order_acq_rel))
      delete[] fresh; // another thread was faster
  }
  auto& slot = slot_of(number);
  slot.number = number;
  return slot;
}

// -- free slots: a stack; every change also changes a count in the head, so that a reused number is noticed (ABA) -------

constinit std::atomic<std::uint64_t> free_slots{0}; // the count of changes, and the number of the first slot

std::uint64_t changed(std::uint64_t head, std::uint32_t first) noexcept {
  return (((head >> 32) + 1) << 32) | first;
}

void hand_back(epoch_slot& slot) noexcept {
  auto head = free_slots.load(std::memory_order_relaxed);
  do {
    slot.next_free.store(static_cast<std::uint32_t>(head), std::memory_order_relaxed);
  } while (!free_slots.compare_exchange_weak(head, changed(head, slot.number), std::memory_order_acq_rel,
                                             std::memory_order_relaxed));
}

epoch_slot* reuse_slot() noexcept {
  auto head = free_slots.load(std::memory_order_acquire);
  while (const auto first = static_cast<std::uint32_t>(head)) {
    const auto next = slot_of(first).next_free.load(std::memory_order_relaxed);
    if (free_slots.compare_exchange_weak(head, changed(head, next), std::memory_order_acq_rel, std::memory_order_acquire))
      return &slot_of(first);
  }
  return nullptr;
}

/// Returns the slot of a thread when the thread ends. Other thread-local destructors may still read after that: each of
/// their outermost guards borrows a slot.
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

// -- the list -------------------------------------------------------------------------------------------------------------

void push(epoch_slot& slot) noexcept {
  auto* first = list.load(std::memory_order_relaxed);
  do {
    slot.next.store(first, std::memory_order_relaxed);
  } while (!list.compare_exchange_weak(first, &slot, std::memory_order_acq_rel, std::memory_order_relaxed));
}

/// Unlinks a slot; `before` is a slot before it, or nullptr. Called only by the holder of `maintaining`, for a `parking`
/// slot, which its thread does not put back.
void unlink(epoch_slot& slot, epoch_slot* before) noexcept {
  auto* const after = slot.next.load(std::memory_order_relaxed);
  if (before == nullptr) {
    auto* first = &slot;
    if (list.compare_exchange_strong(first, after, std::memory_order_acq_rel))
      return;
    before = first; // others were added before it
  }
  for (auto* next = before->next.load(std::memory_order_acquire); next != &slot;
       next = before->next.load(std::memory_order_acquire))
    before = next;
  before->next.store(after, std::memory_order_release);
}

/// Handles a slot that was found outside. Returns whether the slot was taken out of the list.
bool doze(epoch_slot& slot, std::uint64_t found, epoch_slot* before) noexcept {
  if (found == epoch_slot::outside) {
    slot.dozed = 0;
    slot.epoch.compare_exchange_strong(found, epoch_slot::dozing, std::memory_order_acq_rel);
    return false;
  }
  if (++slot.dozed < surveys_until_parked ||
      !slot.epoch.compare_exchange_strong(found, epoch_slot::parking, std::memory_order_acq_rel))
    return false;
  unlink(slot, before);
  auto expected = epoch_slot::parking;
  if (!slot.epoch.compare_exchange_strong(expected, epoch_slot::parked, std::memory_order_acq_rel)) {
    // Its thread has come back and abandoned it here (invariant 9).
    slot.epoch.store(epoch_slot::parked, std::memory_order_release);
    hand_back(slot);
  }
  return true;
}

} // namespace

epoch_slot& adopt_slot() noexcept {
  auto* slot = reuse_slot();
  if (slot == nullptr)
    slot = &make_slot();
  slot->transient = thread_is_ending;
  current_slot = slot;
  if (!thread_is_ending) {
    [[maybe_unused]] static thread_local slot_keeper keeper;
  }
  return *slot;
}

void abandon_slot(epoch_slot& slot) noexcept {
  current_slot = nullptr;
  hand_back(slot);
}

epoch_slot& enlist(epoch_slot& slot, std::uint64_t found) noexcept {
  auto* own = &slot;
  while (found == epoch_slot::parking) {
    own = &adopt_slot();
    found = own->epoch.exchange(global_epoch.load(std::memory_order_acquire), std::memory_order_seq_cst);
  }
  if (found == epoch_slot::parked)
    push(*own);
  return *own;
}

epoch_survey survey_readers() noexcept {
  epoch_survey result{std::numeric_limits<std::uint64_t>::max(), 0};
  const bool maintains = !maintaining.exchange(true, std::memory_order_acquire);
  epoch_slot* before = nullptr;
  // Invariant 4: a thread that adds its slot after this look synchronises with it.
  for (auto* slot = list.fetch_add(0, std::memory_order_acq_rel); slot != nullptr;) {
    auto* const next = slot->next.load(std::memory_order_acquire);
    ++result.slots;
    const auto epoch = slot->epoch.fetch_add(0, std::memory_order_acq_rel);
    const bool outside = epoch <= epoch_slot::dozing || (epoch & epoch_slot::unlisted_bit) != 0;
    if (!outside)
      result.oldest = std::min(result.oldest, epoch);
    if (!maintains || epoch > epoch_slot::dozing || !doze(*slot, epoch, before))
      before = slot;
    slot = next;
  }
  if (maintains)
    maintaining.store(false, std::memory_order_release);
  return result;
}

} // namespace registry::inline v0_2::internal
