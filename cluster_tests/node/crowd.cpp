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
    members_.push_back(registry::as_member(system_.spawn([received = received_](caf::event_based_actor*) {
      return caf::behavior{[received](const std::string&) { received->fetch_add(1); }};
    })));
  }
  return first;
}

void crowd::kill(std::size_t index) const {
  registry::kill(members_.at(index));
}

} // namespace cluster_tests
