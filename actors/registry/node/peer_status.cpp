#include <registry/node/peer_status.hpp>

#include <ostream>

namespace registry::inline v0_2 {

std::string to_string(const peer_status& x) {
  return to_string(x.who) + " at " + to_string(x.where) + (x.reachable ? ", reachable" : ", unreachable");
}

std::ostream& operator<<(std::ostream& out, const peer_status& x) {
  return out << to_string(x);
}

} // namespace registry::inline v0_2
