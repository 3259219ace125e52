#include <recording/nodes.hpp>

#include <utility>

namespace cluster_tests {

namespace {

launch advertising(launch with, const proxy& way) {
  with.advertise = to_string(way.address());
  return with;
}

} // namespace

recorded_node::recorded_node(proxy& on, launch with) : way(on), node(advertising(std::move(with), on)) {}

recorded_node::recorded_node(recording& by, const std::string& name, launch with)
    : recorded_node(by.way_to(name), std::move(with)) {
  lead();
}

} // namespace cluster_tests
