#pragma once

namespace registry::bench {

/// Keeps the calling thread on one core from now on. Ends the process if that core is not there.
void stay_on(int core);
/// Lets it run on all cores that the process may use.
void stay_nowhere();

} // namespace registry::bench
