#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

// Epoch based reclamation: readers announce that they are inside, writers wait with freeing until whoever could see an
// object has left. One set of slots serves all structures of the process.
//
// Invariants:
// 1. The global epoch only grows, and only through read-modify-write operations. So whoever reads epoch e + 1 or later has
//    synchronised with every writer that ended an epoch up to e.
// 2. A slot belongs to at most one thread at a time. Inside of a guard its epoch is the global epoch read when the outermost
//    guard was opened, and only that thread changes it. Outside it is `outside` or, by the hand of a survey, one of the other
//    marks.
// 3. A writer makes an object unreachable before it retires it. Ending an epoch stamps what was retired with that epoch:
//    a reader that enters with a later epoch cannot reach the object any more (by 1).
// 4. Writers look at a slot with a read-modify-write operation. A reader that enters after that look therefore synchronises
//    with it, sees all that was unlinked before it, and cannot reach the object either. No fence is needed, so that
//    ThreadSanitizer understands the protocol. The same holds for the head of the list, through which a slot enters it.
// 5. Retired objects with stamp e are freed only after a survey that found each slot of the list outside or later than e.
//    Nobody waits for that: what cannot be freed yet is looked at again later.
// 6. Slots are never freed. A thread that ends hands its slot back for reuse.
//
// A survey costs what there is in the list, and a slot stays there only while its thread reads now and then:
//
// 7. A slot that is inside is in the list, or its thread has not put it there yet and reaches nothing before it has.
// 8. One survey at a time, whoever holds `maintaining`, takes slots out: it marks one that is outside `dozing`, and if the mark
//    is still there many surveys later, makes it `parking`, unlinks it, and makes it `parked`. Each of these steps is an
//    exchange that fails if the thread has entered meanwhile. A thread that finds its slot `parked` puts it back at the head of
//    the list.
// 9. A thread that finds its slot `parking` cannot know whether it is still linked, and waits for nobody: it leaves the slot to
//    the survey, which hands it back for reuse, and takes another one.
// 10. What has been unlinked still refers to what came after it, so that a survey that stands there goes on. If the slot has
//    returned to the head, the survey sees some slots twice. A slot that stays in the list is behind whoever has not seen it yet.

namespace registry::internal {

/// What one thread tells the writers. Two cache lines apart, because adjacent lines are fetched in pairs.
struct alignas(128) epoch_slot {
  /// Marks in the place of an epoch. Those with `unlisted_bit` are of a slot that is not, or no longer, in the list.
  static constexpr std::uint64_t outside = 0;
  static constexpr std::uint64_t dozing = 1;
  static constexpr std::uint64_t unlisted_bit = std::uint64_t{1} << 63;
  static constexpr std::uint64_t parking = unlisted_bit;
  static constexpr std::uint64_t parked = unlisted_bit | 1;

  /// See invariant 2.
  std::atomic<std::uint64_t> epoch{parked};
  /// How many guards the owning thread has open. Used by that thread only.
  std::uint32_t depth = 0;
  /// The owner is ending and hands the slot back with its last guard. Used by that thread only.
  bool transient = false;
  /// How many surveys have found it dozing. Used by whoever holds `maintaining`.
  std::uint32_t dozed = 0;
  /// What follows in the list.
  std::atomic<epoch_slot*> next{nullptr};
  /// Where the slot stands among all, and what follows among those to be reused (numbers from 1; 0 is none).
  std::uint32_t number = 0;
  std::atomic<std::uint32_t> next_free{0};
};

/// Starts at 2: what is less stands for "outside" in a slot.
alignas(128) inline constinit std::atomic<std::uint64_t> global_epoch{2};

/// The calling thread's slot once it has one. Trivially destructible, so that it can be used while a thread ends.
inline constinit thread_local epoch_slot* current_slot = nullptr;

/// Gives the calling thread a slot. Lock-free; ends the program if there is no memory for one.
epoch_slot& adopt_slot() noexcept;
/// Hands the slot back if its thread is ending.
void abandon_slot(epoch_slot& slot) noexcept;
/// Lets surveys see a slot that has announced its epoch but is not in the list. Returns the slot that the thread has then,
/// which may be another one. Lock-free.
epoch_slot& enlist(epoch_slot& slot, std::uint64_t found) noexcept;

/// While one is open, nothing that this thread can reach is freed. Guards nest. Opening and closing are wait-free, except
/// for the first one of a thread and the first one after the thread has not read for a while, which are lock-free. Must be
/// closed by the thread that opened it, and soon: all garbage of the process waits for it. May be used in destructors of
/// thread-local and static objects.
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

/// What a look at all slots of the list found.
struct epoch_survey {
  /// The earliest epoch a reader is inside with; the greatest number if there is none.
  std::uint64_t oldest;
  /// How many slots were looked at: the cost.
  std::size_t slots;
};

/// Ends the current epoch and returns it (see invariant 3). Wait-free, any thread.
inline std::uint64_t end_epoch() noexcept {
  return global_epoch.fetch_add(1, std::memory_order_acq_rel);
}

/// After so many surveys in which a thread has not read it costs them nothing any more.
inline constexpr std::uint32_t surveys_until_parked = 64;

/// Looks at the slots of the list (see invariants 4 and 8). Linear in the number of threads that are reading or have read
/// during the last surveys, however many there are or were. Lock-free, any thread.
epoch_survey survey_readers() noexcept;

} // namespace registry::internal
