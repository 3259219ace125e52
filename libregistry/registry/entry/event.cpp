#include <registry/entry/event.hpp>

#include <ostream>

namespace registry::inline v0_2 {

std::string_view to_string(verb x) noexcept {
  switch (x) {
  case verb::join:
    return "join";
  case verb::leave:
    return "leave";
  case verb::update:
    return "update";
  }
  return "unknown";
}

std::string_view to_string(reason x) noexcept {
  switch (x) {
  case reason::explicit_request:
    return "explicit";
  case reason::down:
    return "down";
  case reason::node_down:
    return "node_down";
  case reason::drained:
    return "drained";
  case reason::resync:
    return "resync";
  }
  return "unknown";
}

std::string to_string(const event& x) {
  auto out = "commit " + std::to_string(x.commit) + ": " + std::string{to_string(x.what)} + " " + to_string(x.key) + " (" +
             std::string{to_string(x.why)} + "):";
  std::string_view separator = " ";
  for (const auto& one : x.entries) {
    out += separator;
    out += to_string(one.who) + " " + to_string(one.data);
    if (x.what == verb::update)
      out += " before " + to_string(one.previous);
    separator = ", ";
  }
  return out;
}

std::ostream& operator<<(std::ostream& out, const event& x) {
  return out << to_string(x);
}

} // namespace registry::inline v0_2
