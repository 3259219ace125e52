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
// 2. A slot belongs to at most one thread at a time, and only that thread changes its epoch: outside of any guard it is 0,
//    inside it is the global epoch read when the outermost guard was opened.
// 3. A writer makes an object unreachable before it retires it. Ending an epoch stamps what was retired with that epoch:
//    a reader that enters with a later epoch cannot reach the object any more (by 1).
// 4. Writers look at a slot with a read-modify-write operation. A reader that enters after that look therefore synchronises
//    with it, sees all that was unlinked before it, and cannot reach the object either. No fence is needed, so that
//    ThreadSanitizer understands the protocol.
// 5. Retired objects with stamp e are freed only after a look at all slots that found each of them 0 or later than e. Nobody
//    waits for that: what cannot be freed yet is looked at again later.
// 6. Slots are never freed. A thread that ends hands its slot back for reuse.

namespace registry::internal {

/// What one thread tells the writers. Two cache lines apart, because adjacent lines are fetched in pairs.
struct alignas(128) epoch_slot {
  /// See invariant 2.
  std::atomic<std::uint64_t> epoch{0};
  /// How many guards the owning thread has open. Used by that thread only.
  std::uint32_t depth = 0;
  /// The owner is ending and hands the slot back with its last guard. Used by that thread only.
  bool transient = false;
  std::atomic<bool> taken{true};
  epoch_slot* next = nullptr;
};

/// Starts at 1, since 0 in a slot means "outside".
alignas(128) inline constinit std::atomic<std::uint64_t> global_epoch{1};

/// The calling thread's slot once it has one. Trivially destructible, so that it can be used while a thread ends.
inline constinit thread_local epoch_slot* current_slot = nullptr;

/// Gives the calling thread a slot. Lock-free; ends the program if there is no memory for one.
epoch_slot& adopt_slot() noexcept;
/// Hands the slot back if its thread is ending.
void abandon_slot(epoch_slot& slot) noexcept;

/// While one is open, nothing that this thread can reach is freed. Guards nest. Opening and closing are wait-free, except
/// for the first one of a thread. Must be closed by the thread that opened it, and soon: all garbage of the process waits
/// for it. May be used in destructors of thread-local and static objects.
class epoch_guard {
public:
  epoch_guard() noexcept : slot_(current_slot ? *current_slot : adopt_slot()) {
    if (slot_.depth++ == 0)
      slot_.epoch.exchange(global_epoch.load(std::memory_order_acquire), std::memory_order_seq_cst);
  }
  epoch_guard(const epoch_guard&) = delete;
  epoch_guard& operator=(const epoch_guard&) = delete;
  ~epoch_guard() {
    if (--slot_.depth != 0)
      return;
    slot_.epoch.store(0, std::memory_order_release);
    if (slot_.transient)
      abandon_slot(slot_);
  }

private:
  epoch_slot& slot_;
};

/// What a look at all slots found.
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

/// Looks at all slots (see invariant 4). Linear in the greatest number of threads that ever read at the same time.
epoch_survey survey_readers() noexcept;

} // namespace registry::internal
