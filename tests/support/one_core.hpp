#pragma once

namespace registry::testing {

/// Keeps the calling thread on one core from now on. Throws `std::runtime_error` if the process may not use that core.
void stay_on(int core);
/// Lets the calling thread run on all cores of the process again.
void stay_nowhere();

} // namespace registry::testing
