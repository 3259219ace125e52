#include <bench/support/must.hpp>

#include <cstdlib>
#include <iostream>

namespace registry::bench {

void must(const result<void>& outcome) {
  if (outcome)
    return;
  std::cerr << "a benchmark failed: " << to_string(outcome.error()) << '\n';
  std::exit(EXIT_FAILURE);
}

} // namespace registry::bench
