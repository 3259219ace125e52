#include <presence/status.hpp>
#include <presence/watcher.hpp>

#include <registry/coro/event_stream.hpp>
#include <registry/value/convert.hpp>

#include <string>
#include <variant>

namespace presence {

namespace {

std::string name_in(const registry::value& key) {
  return std::string{key.as_string().value_or("somebody")};
}

/// An entry may come from another program.
std::string describe(const registry::value& data) {
  const auto read = registry::from_value<status>(data);
  return read ? read.value().state + " (" + read.value().place + ")" : to_string(data);
}

void show(const registry::present_entry& there, const teller& tell) {
  tell(name_in(there.key) + " is here: " + describe(there.what.data));
}

void show(const registry::event_ptr& change, const teller& tell) {
  const auto name = name_in(change->key);
  for (const auto& each : change->entries) {
    switch (change->what) {
    case registry::verb::join:
      tell(name + " comes: " + describe(each.data));
      break;
    case registry::verb::update:
      tell(name + " was " + describe(each.previous) + ", is " + describe(each.data));
      break;
    case registry::verb::leave:
      tell(name + " goes: " + std::string{to_string(change->why)});
      break;
    }
  }
}

void show(const registry::restarted&, const teller& tell) {
  tell("too much has happened to tell; here is who is here now");
}

} // namespace

registry::task<registry::result<void>> watcher(registry::coroutine_self self, registry::scope people, teller tell) {
  auto changes = registry::watch(self, people);
  if (!changes)
    co_return changes.error();
  tell("watching " + people.name());
  while (auto next = co_await changes.value().next())
    std::visit([&](const auto& what) { show(what, tell); }, *next);
  co_return registry::success();
}

} // namespace presence
