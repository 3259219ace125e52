#include <registry/entry/entry.hpp>

#include <ostream>

namespace registry::inline v0_2 {

std::string to_string(const entry_id& x) {
  return std::to_string(x.origin) + ":" + std::to_string(x.number);
}

std::ostream& operator<<(std::ostream& out, const entry_id& x) {
  return out << to_string(x);
}

std::string to_string(const entry& x) {
  return to_string(x.who) + ": " + to_string(x.data) + " (" + to_string(x.id()) + ")";
}

std::ostream& operator<<(std::ostream& out, const entry& x) {
  return out << to_string(x);
}

} // namespace registry::inline v0_2
