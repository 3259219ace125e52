#include <recording/nodes.hpp>

#include <stdexcept>
#include <utility>

namespace cluster_tests {

namespace {

launch advertising(launch with, const proxy& way) {
  with.advertise = to_string(way.address());
  return with;
}

} // namespace

node_address address_in(const std::string& log) {
  const std::string before = "listens on ";
  const auto found = log.find(before);
  if (found == std::string::npos)
    throw std::runtime_error("a node does not say where it listens, but " + log);
  const auto begin = found + before.size();
  return registry::parse_address(log.substr(begin, log.find(' ', begin) - begin)).value();
}

recorded_node::recorded_node(proxy& on, launch with) : way(on), node(advertising(std::move(with), on)) {}

recorded_node::recorded_node(recording& by, const std::string& name, launch with)
    : recorded_node(by.way_to(name), std::move(with)) {
  lead();
}

} // namespace cluster_tests
