#include <presence/user.hpp>

#include <registry/coro/when.hpp>
#include <registry/value/convert.hpp>

namespace presence {

using registry::coroutine_self;
using registry::result;
using registry::task;
using registry::to_value;

task<result<void>> user(coroutine_self self, registry::scope people, std::string name, status now,
                        std::chrono::milliseconds patience) {
  if (auto joined = people.join(name, self.handle(), to_value(now)); !joined)
    co_return joined.error();
  for (;;) {
    auto said = co_await registry::with_timeout(self, patience, self.receive<std::string>());
    const std::string state = said ? said.value() : "away";
    if (state == "offline")
      co_return registry::success();
    if (state == now.state)
      continue;
    now.state = state;
    if (auto updated = people.update_value(name, self.handle(), to_value(now)); !updated)
      co_return updated.error();
  }
}

} // namespace presence
