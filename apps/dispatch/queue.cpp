#include <dispatch/queue.hpp>

#include <registry/value/convert.hpp>

namespace dispatch {

registry::value draining(const std::string& queue) {
  return registry::list("draining", queue);
}

registry::value to_value(const worker_card& x) {
  return registry::to_value<worker_card>(x);
}

registry::result<worker_card> read_card(const registry::value& x) {
  auto out = registry::from_value<worker_card>(x);
  if (out && out.value().capacity < 1)
    return registry::error(registry::errc::malformed, "capacity: a worker does one job at a time at least");
  return out;
}

} // namespace dispatch
