#pragma once

#include <string>

namespace registry::testing {

/// An IPv4 address of the loopback interface that this process has for itself, as far as other tests are concerned: a port that was
/// found free there, or that something has ceased to listen on, stays free. Any thread.
std::string own_host();

} // namespace registry::testing
