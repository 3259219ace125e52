#include <node/crowd.hpp>

#include <registry/actor/handle.hpp>

#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>

#include <string>

namespace cluster_tests {

crowd::~crowd() {
  end();
}

void crowd::end() {
  for (const auto& x : members_)
    registry::kill(x);
  members_.clear();
}

std::size_t crowd::add(std::size_t count) {
  const auto first = members_.size();
  for (std::size_t i = 0; i < count; ++i) {
    members_.push_back(registry::as_member(system_.spawn([counted = counts_](caf::event_based_actor*) {
      return caf::behavior{[counted](const std::string& text) {
        ++counted->all;
        if (text == "probe")
          ++counted->probes;
      }};
    })));
  }
  return first;
}

void crowd::kill(std::size_t index) const {
  registry::kill(members_.at(index));
}

} // namespace cluster_tests
