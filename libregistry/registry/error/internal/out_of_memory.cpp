#include <registry/error/internal/out_of_memory.hpp>

#include <cstdio>
#include <cstdlib>

namespace registry::inline v0_2 {

void end_without_memory(std::string_view during) noexcept {
  std::fprintf(
      stderr,
      "registry: out of memory while %.*s, which cannot be left half done: the process ends; give it more memory, or "
      "bound what it registers\n",
      static_cast<int>(during.size()), during.data());
  std::abort();
}

} // namespace registry::inline v0_2
