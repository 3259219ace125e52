#include <mutation/mutation.hpp>

#include <cstdlib>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace mutation {

namespace {

unsigned char* reached = nullptr;

/// A file of a byte per mutant, which holds the record even of a program that does not end well.
void record(const char* file) {
  const int opened = open(file, O_RDWR | O_CLOEXEC);
  struct stat info;
  if (opened < 0 || fstat(opened, &info) != 0)
    std::abort();
  void* mapped = mmap(nullptr, static_cast<std::size_t>(info.st_size), PROT_READ | PROT_WRITE, MAP_SHARED, opened, 0);
  if (mapped == MAP_FAILED)
    std::abort();
  close(opened);
  reached = static_cast<unsigned char*>(mapped);
  chosen = -1;
}

/// Before anything else is initialised.
[[gnu::constructor(101)]] void choose() {
  if (const char* number = std::getenv("REGISTRY_MUTANT"))
    chosen = std::atoi(number);
  else if (const char* file = std::getenv("REGISTRY_MUTANTS_REACHED"))
    record(file);
}

} // namespace

int chosen = 0;

bool reach(int mutant) noexcept {
  __atomic_store_n(reached + mutant, 1, __ATOMIC_RELAXED);
  return false;
}

} // namespace mutation
