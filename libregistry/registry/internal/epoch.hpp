#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

// Epoch-based reclamation: readers announce that they are inside; writers delay freeing an object until every reader that
// could see it has left. One set of slots serves all structures of the process.
//
// Invariants:
// 1. The global epoch only grows, and only through read-modify-write operations. So a thread that reads epoch e + 1 or later
//    has synchronised with every writer that ended an epoch up to e.
// 2. A slot belongs to at most one thread at a time. Inside a guard its epoch is the global epoch read when the outermost
//    guard was opened, and only that thread changes it. Outside it is `outside` or, if a survey has changed it, one of the
//    other marks.
// 3. A writer makes an object unreachable before retiring it. Ending an epoch stamps the objects retired so far with that
//    epoch: a reader that enters with a later epoch cannot reach them any more (by 1).
// 4. Writers inspect a slot with a read-modify-write operation. A reader that enters after that therefore synchronises with
//    it, sees everything that was unlinked before it, and cannot reach the object either. No fence is needed, so
//    ThreadSanitizer understands the protocol. The same holds for the head of the list, through which a slot is added.
// 5. Retired objects with stamp e are freed only after a survey that found each slot of the list outside or later than e. No
//    thread waits for that: objects that cannot be freed yet are checked again later.
// 6. Slots are never freed. A thread that ends returns its slot for reuse.
//
// A survey takes time linear in the length of the list, and a slot stays in the list only while its thread reads now and
// then:
//
// 7. A slot whose thread is inside is in the list, or its thread has not added it yet and reaches nothing before it has.
// 8. One survey at a time, the holder of `maintaining`, takes slots out: it marks a slot that is outside as `dozing`; if the
//    mark is still there many surveys later, it changes the mark to `parking`, unlinks the slot, and changes the mark to
//    `parked`. Each of these steps is an exchange that fails if the thread has entered meanwhile. A thread that finds its
//    slot `parked` puts it back at the head of the list.
// 9. A thread that finds its slot `parking` cannot know whether the slot is still linked, and does not wait: it abandons the
//    slot to the survey, which returns it for reuse, and takes another one.
// 10. An unlinked slot still refers to its former successor, so that a survey that stands there can go on. If the slot has
//    returned to the head, the survey sees some slots twice. A slot that stays in the list is always ahead of a survey that
//    has not seen it yet.

namespace registry::inline v0_2::internal {

/// The announcement of one thread to the writers. Two cache lines apart, because adjacent lines are fetched in pairs.
struct alignas(128) epoch_slot {
  /// Marks in place of an epoch. Those with `unlisted_bit` belong to a slot that is not, or no longer, in the list.
  static constexpr std::uint64_t outside = 0;
  static constexpr std::uint64_t dozing = 1;
  static constexpr std::uint64_t unlisted_bit = std::uint64_t{1} << 63;
  static constexpr std::uint64_t parking = unlisted_bit;
  static constexpr std::uint64_t parked = unlisted_bit | 1;

  /// See invariant 2.
  std::atomic<std::uint64_t> epoch{parked};
  /// The number of guards the owning thread has open. Used by that thread only.
  std::uint32_t depth = 0;
  /// The owner is ending and returns the slot with its last guard. Used by that thread only.
  bool transient = false;
  /// The number of surveys that found it dozing. Used by the holder of `maintaining`.
  std::uint32_t dozed = 0;
  /// The successor in the list.
  std::atomic<epoch_slot*> next{nullptr};
  /// The slot's number among all slots, and its successor in the stack of free slots (numbers from 1; 0 is none).
  std::uint32_t number = 0;
  std::atomic<std::uint32_t> next_free{0};
};

/// Starts at 2: smaller numbers stand for "outside" in a slot.
alignas(128) inline constinit std::atomic<std::uint64_t> global_epoch{2};

/// The calling thread's slot once it has one. Trivially destructible, so that it can be used while a thread ends.
inline constinit thread_local epoch_slot* current_slot = nullptr;

/// Gives the calling thread a slot. Lock-free; ends the program if memory for one runs out.
epoch_slot& adopt_slot() noexcept;
/// Returns the slot if its thread is ending.
void abandon_slot(epoch_slot& slot) noexcept;
/// Makes a slot that has announced its epoch but is not in the list visible to surveys. Returns the thread's slot
/// afterwards, which may be another one. Lock-free.
epoch_slot& enlist(epoch_slot& slot, std::uint64_t found) noexcept;

/// While a guard is open, no object that this thread can reach is freed. Guards nest. Opening and closing are wait-free,
/// except for the first guard of a thread and the first one after the thread has not read for a while, which are lock-free.
/// A guard must be closed by the thread that opened it, and soon: all garbage of the process waits for it. May be used in
/// destructors of thread-local and static objects.
class epoch_guard {
public:
  epoch_guard() noexcept : slot_(current_slot ? current_slot : &adopt_slot()) {
    if (slot_->depth == 0) {
      const auto found = slot_->epoch.exchange(global_epoch.load(std::memory_order_acquire), std::memory_order_seq_cst);
      if ((found & epoch_slot::unlisted_bit) != 0)
        slot_ = &enlist(*slot_, found);
    }
    ++slot_->depth;
  }
  epoch_guard(const epoch_guard&) = delete;
  epoch_guard& operator=(const epoch_guard&) = delete;
  ~epoch_guard() {
    if (--slot_->depth != 0)
      return;
    slot_->epoch.store(epoch_slot::outside, std::memory_order_release);
    if (slot_->transient)
      abandon_slot(*slot_);
  }

private:
  epoch_slot* slot_;
};

/// The result of a look at all slots of the list.
struct epoch_survey {
  /// The earliest epoch of a reader that is inside; the greatest number if there is none.
  std::uint64_t oldest;
  /// The number of slots inspected: the cost.
  std::size_t slots;
};

/// Ends the current epoch and returns it (see invariant 3). Wait-free, any thread.
inline std::uint64_t end_epoch() noexcept {
  return global_epoch.fetch_add(1, std::memory_order_acq_rel);
}

/// A thread that has not read during this many surveys costs them nothing any more.
inline constexpr std::uint32_t surveys_until_parked = 64;

/// Inspects the slots of the list (see invariants 4 and 8). Linear in the number of threads that are reading or have read
/// during the last surveys, regardless of how many other threads exist or have existed. Lock-free, any thread.
epoch_survey survey_readers() noexcept;

} // namespace registry::inline v0_2::internal
