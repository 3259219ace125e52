#include <registry/membership/address.hpp>

namespace registry {

std::string to_string(const node_address& x) {
  const bool bracketed = x.host.find(':') != std::string::npos;
  std::string out;
  out.append(bracketed ? "[" : "").append(x.host).append(bracketed ? "]:" : ":").append(std::to_string(x.port));
  return out;
}

} // namespace registry
