#include <registry/entry/event.hpp>

namespace registry {

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

} // namespace registry
