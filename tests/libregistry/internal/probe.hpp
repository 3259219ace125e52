#pragma once

#include <registry/internal/retire_list.hpp>

#include <memory>

namespace registry::inline v0_2::internal {

/// An object to retire that reports its release.
struct probe {
  bool* freed;
  static void free(void* p) noexcept {
    std::unique_ptr<probe> self(static_cast<probe*>(p));
    *self->freed = true;
  }
};

inline void retire(retire_list& list, bool& freed) {
  list.reserve(1);
  list.retire(new probe{&freed}, probe::free);
}

} // namespace registry::inline v0_2::internal
