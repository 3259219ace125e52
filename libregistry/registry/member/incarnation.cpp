#include <registry/internal/hex.hpp>
#include <registry/member/incarnation.hpp>

#include <ostream>

namespace registry::inline v0_2 {

std::string to_string(const incarnation& x) {
  return internal::hex(x.high) + internal::hex(x.low);
}

std::ostream& operator<<(std::ostream& out, const incarnation& x) {
  return out << to_string(x);
}

} // namespace registry::inline v0_2
