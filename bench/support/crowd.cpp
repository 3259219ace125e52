#include <bench/support/crowd.hpp>

#include <registry/actor/handle.hpp>

#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>

#include <cstdint>

namespace registry::bench {

crowd::crowd(caf::actor_system& system, std::size_t size) {
  all_.reserve(size);
  for (std::size_t i = 0; i < size; ++i)
    all_.push_back(
        registry::as_member(system.spawn([](caf::event_based_actor*) -> caf::behavior { return {[](std::int32_t) {}}; })));
}

crowd::~crowd() {
  end();
}

void crowd::end() const {
  for (const auto& who : all_)
    registry::kill(who);
}

} // namespace registry::bench
