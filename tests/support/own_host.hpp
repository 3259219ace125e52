#pragma once

#include <string>

namespace registry::testing {

/// An IPv4 address of the loopback interface that no other test uses: a port that was free there stays free, also after its
/// use. Any thread.
std::string own_host();

} // namespace registry::testing
