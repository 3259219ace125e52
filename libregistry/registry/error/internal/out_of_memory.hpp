#pragma once

#include <new>
#include <string_view>
#include <utility>

namespace registry {

/// Ends the process because there is no memory in the middle of something that cannot be left half done. Says so on the
/// standard error stream; `during` is what could not be completed, as a phrase: `"joining"`. Allocates nothing. Any thread.
[[noreturn]] void end_without_memory(std::string_view during) noexcept;

/// What `work` returns. If `work` throws `std::bad_alloc`, the process ends as above: the one answer of libregistry to
/// memory that fails where nothing can be taken back.
template <class Work>
auto without_failing(std::string_view during, Work&& work) noexcept -> decltype(std::forward<Work>(work)()) {
  try {
    return std::forward<Work>(work)();
  } catch (const std::bad_alloc&) {
    end_without_memory(during);
  }
}

} // namespace registry
