#include <bench/support/one_core.hpp>

#include <pthread.h>
#include <sched.h>

#include <cstdio>
#include <cstdlib>

namespace registry::bench {

namespace {

void use(const cpu_set_t& cores) {
  if (::pthread_setaffinity_np(::pthread_self(), sizeof cores, &cores) == 0)
    return;
  std::fputs("a thread cannot be kept on one core here; this benchmark needs two cores\n", stderr);
  std::exit(EXIT_FAILURE);
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

} // namespace registry::bench
