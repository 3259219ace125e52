#include <support/own_host.hpp>

#include <unistd.h>

#include <cstdint>

namespace registry::testing {

std::string own_host() {
  const auto process = static_cast<std::uint32_t>(::getpid()); // at most 22 bits
  const auto part = [process](unsigned shift) { return std::to_string((process >> shift) & 0xffU); };
  return "127." + std::to_string(64U + ((process >> 16U) & 0x3fU)) + "." + part(8) + "." + part(0);
}

} // namespace registry::testing
