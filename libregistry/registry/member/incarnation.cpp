#include <registry/member/incarnation.hpp>

#include <initializer_list>
#include <ostream>

namespace registry::inline v0_2 {

std::string to_string(const incarnation& x) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string text;
  text.reserve(32);
  for (const auto half : {x.high, x.low}) {
    for (int shift = 60; shift >= 0; shift -= 4)
      text.push_back(digits[(half >> shift) & 15]);
  }
  return text;
}

std::ostream& operator<<(std::ostream& out, const incarnation& x) {
  return out << to_string(x);
}

} // namespace registry::inline v0_2
