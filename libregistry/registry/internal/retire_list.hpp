#pragma once

#include <registry/table/garbage.hpp>

#include <cstddef>
#include <tuple>
#include <utility>

namespace registry::inline v0_2::internal {

/// Objects that one writer has made unreachable and some reader may still see. Not synchronised: it belongs to the writer.
/// See epoch.hpp for the protocol.
class retire_list {
public:
  /// The maximum number that can be reserved at once.
  static constexpr std::size_t max_reservation = std::tuple_size_v<decltype(retired_block::objects)>;

  retire_list() noexcept = default;
  retire_list(const retire_list&) = delete;
  retire_list& operator=(const retire_list&) = delete;
  /// Frees everything: no reader may be inside any more.
  ~retire_list();

  /// Makes the next `count` calls of `retire` possible. Throws `std::bad_alloc` and changes nothing.
  void reserve(std::size_t count);
  /// Takes an object that readers entering from now on cannot reach. A place must be reserved for it.
  void retire(void* object, void (*free)(void*) noexcept) noexcept;
  /// The same for memory from `operator new` that no longer owns anything.
  void retire_memory(void* memory) noexcept { retire(memory, nullptr); }

  /// The objects that no reader can see any more. Checks the readers only now and then, so that the cost is negligible
  /// beside the retirements; usually returns nothing at once. Never waits.
  [[nodiscard]] garbage collect() noexcept;
  /// The same, but checks now. For a writer that becomes idle.
  [[nodiscard]] garbage collect_now() noexcept;
  /// For a writer in the middle of bulk work: now and then frees plain memory that no reader can see any more, at most some
  /// thousand objects at a time. The rest stays for `collect`, since freeing an object may run code that must not run under
  /// the writer lock.
  void reclaim() noexcept;
  /// The number of objects that have been retired but not collected.
  [[nodiscard]] std::size_t pending() const noexcept { return pending_; }

private:
  struct chain {
    retired_block* first = nullptr;
    retired_block* last = nullptr;
    void append(retired_block* head, retired_block* tail) noexcept;
    [[nodiscard]] chain take() noexcept { return std::exchange(*this, {}); }
  };

  [[nodiscard]] chain expired() noexcept;
  [[nodiscard]] garbage take_ready() noexcept;

  chain open_;   // of the current epoch
  chain sealed_; // stamped, in ascending order of epochs
  chain ready_;  // no reader can see them; those left by `reclaim`
  retired_block* spare_ = nullptr;
  std::size_t pending_ = 0;
  std::size_t since_survey_ = 0;
  std::size_t survey_interval_ = 128;
  bool bulk_work_ = false; // since the last garbage
};

} // namespace registry::inline v0_2::internal
