#include <support/one_core.hpp>

#include <pthread.h>
#include <sched.h>

#include <stdexcept>

namespace registry::testing {

namespace {

void use(const cpu_set_t& cores) {
  if (::pthread_setaffinity_np(::pthread_self(), sizeof cores, &cores) != 0)
    throw std::runtime_error("a thread cannot be kept on one core: this needs a machine with two cores");
}

} // namespace

void stay_on(int core) {
  cpu_set_t cores;
  CPU_ZERO(&cores);
  CPU_SET(core, &cores);
  use(cores);
}

void stay_nowhere() {
  cpu_set_t cores;
  CPU_ZERO(&cores);
  for (int i = 0; i < CPU_SETSIZE; ++i)
    CPU_SET(i, &cores);
  use(cores);
}

} // namespace registry::testing
