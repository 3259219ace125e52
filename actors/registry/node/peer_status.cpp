#include <registry/node/peer_status.hpp>

#include <fmt/format.h>

#include <chrono>
#include <ostream>

namespace registry::inline v0_2 {

namespace {

std::string milliseconds(std::chrono::nanoseconds x) {
  return fmt::format("{:.3f} ms", std::chrono::duration<double, std::milli>(x).count());
}

} // namespace

std::string to_string(const peer_status& x) {
  const auto where = to_string(x.where);
  auto out = x.name.empty() || x.name == where ? std::string{} : x.name + ", ";
  out += to_string(x.who) + " at " + where + (x.reachable ? ", reachable" : ", unreachable");
  if (x.clock)
    out += std::string{", clock "} + (x.clock->offset.count() < 0 ? "behind by " : "ahead by ") +
           milliseconds(std::chrono::abs(x.clock->offset)) + ", round trip " + milliseconds(x.clock->round_trip);
  return out;
}

std::ostream& operator<<(std::ostream& out, const peer_status& x) {
  return out << to_string(x);
}

} // namespace registry::inline v0_2
