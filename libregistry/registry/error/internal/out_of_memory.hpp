#pragma once

#include <new>
#include <string_view>
#include <utility>

namespace registry::inline v0_2 {

/// Ends the process when memory runs out in the middle of an operation that cannot be left half done. Reports it on the
/// standard error stream; `during` names the operation as a phrase: `"joining"`. Allocates nothing. Any thread.
[[noreturn]] void end_without_memory(std::string_view during) noexcept;

/// The result of `work`. If `work` throws `std::bad_alloc`, the process ends as above. libregistry does this wherever memory
/// runs out and the change cannot be rolled back.
template <class Work>
auto without_failing(std::string_view during, Work&& work) noexcept -> decltype(std::forward<Work>(work)()) {
  try {
    return std::forward<Work>(work)();
  } catch (const std::bad_alloc&) {
    end_without_memory(during);
  }
}

} // namespace registry::inline v0_2
