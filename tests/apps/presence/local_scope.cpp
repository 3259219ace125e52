#include <apps/presence/local_scope.hpp>

#include <support/waiting.hpp>

#include <presence/user.hpp>

#include <registry/coro/spawn.hpp>
#include <registry/value/convert.hpp>

#include <caf/exit_reason.hpp>
#include <caf/send.hpp>

#include <stdexcept>

namespace presence::testing {

local_scope::~local_scope() {
  for (const auto& each : actors_)
    caf::anon_send_exit(each, caf::exit_reason::user_shutdown);
}

caf::actor local_scope::come(const std::string& name, const std::string& state, const std::string& place,
                             std::chrono::milliseconds patience) {
  status now{state, place};
  auto who = own(registry::spawn_coroutine(system, user, people, name, now, patience));
  if (!registry::testing::eventually([&] { return !people.keys(who).empty(); }))
    throw std::runtime_error(name + " does not come");
  return who;
}

void local_scope::say(const std::string& name, const std::string& text) const {
  people.dispatch(name, registry::dispatch_strategy::all(), text);
}

std::string local_scope::state_of(const std::string& name) const {
  const auto entries = people.lookup(std::string_view{name});
  return entries.size() == 1 ? registry::from_value<status>(entries[0].data).value().state : std::string{};
}

caf::actor local_scope::own(caf::actor who) {
  actors_.push_back(who);
  return who;
}

} // namespace presence::testing
