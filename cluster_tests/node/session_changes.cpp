#include <node/scope_calls.hpp>
#include <node/session.hpp>
#include <support/fields.hpp>
#include <support/waiting.hpp>

#include <corpus/support/samples.hpp>

#include <registry/actor/handle.hpp>

#include <utility>

namespace cluster_tests {

using namespace registry;
using registry::testing::nanoseconds_now;

namespace {

constexpr std::size_t changing_members = 64;

} // namespace

// -- scopes ----------------------------------------------------------------------------------------------------------------

value session::open(const value& command) {
  const auto name = text(command, "scope", "rooms");
  const auto mode = command.find("unique") != nullptr ? key_mode::unique : key_mode::duplicate;
  auto opened = home_.open_scope(name, mode);
  if (opened)
    scopes_.insert_or_assign(name, opened.value());
  return outcome(opened);
}

value session::close(const value& command) {
  const auto name = text(command, "scope", "rooms");
  scopes_.erase(name);
  return outcome(home_.close_scope(name));
}

// -- entries ---------------------------------------------------------------------------------------------------------------

value session::join(const value& command) {
  const auto count = static_cast<std::size_t>(number(command, "count", 1));
  const auto* known = command.find("member");
  const auto first = known != nullptr ? static_cast<std::size_t>(number(command, "member")) : members_.add(count);
  const auto* data = command.find("data");
  for (std::size_t i = 0; i < count; ++i) {
    const auto& joining = members_.at(first + i);
    if (auto joined = scope_of(command).join(field(command, "key"), joining, data != nullptr ? *data : value{}); !joined)
      return outcome(joined);
  }
  return object("ok", true, "member", static_cast<std::int64_t>(first), "actor",
                static_cast<std::int64_t>(members_.at(first)->id()));
}

value session::join_samples(const value& command) {
  auto& scope = scope_of(command);
  const auto first = members_.add(1);
  const auto& joining = members_.at(first);
  for (const auto& [name, data] : corpus::samples(joining)) {
    if (auto joined = scope.join(name, joining, data); !joined)
      return outcome(joined);
  }
  for (const auto& key : corpus::sample_keys(joining)) {
    if (auto joined = scope.join(key, joining, "a key of another kind"); !joined)
      return outcome(joined);
  }
  return object("ok", true, "member", static_cast<std::int64_t>(first));
}

value session::leave(const value& command) {
  return outcome(scope_of(command).leave(field(command, "key"), member_of(command)));
}

value session::update(const value& command) {
  return outcome(scope_of(command).update_value(field(command, "key"), member_of(command), field(command, "data")));
}

value session::kill(const value& command) {
  members_.kill(static_cast<std::size_t>(number(command, "member")));
  return object("ok", true);
}

value session::populate(const value& command) {
  auto& scope = scope_of(command);
  const auto prefix = text(command, "prefix");
  const auto owners = static_cast<std::size_t>(number(command, "owners", 64));
  if (owners_.size() < owners)
    owners_.add(owners - owners_.size());
  std::vector<value> keys;
  for (std::int64_t i = 0; i < number(command, "keys"); ++i)
    keys.emplace_back(prefix + std::to_string(i));
  const auto* data = command.find("data");
  const auto began = nanoseconds_now();
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const auto own = data != nullptr ? *data : object("n", static_cast<std::int64_t>(i));
    if (auto joined = scope.join(keys[i], owners_.at(i % owners), own); !joined)
      return outcome(joined);
  }
  return object("ok", true, "began", began);
}

value session::end_owners(const value&) {
  const auto began = nanoseconds_now();
  owners_.end();
  return object("ok", true, "began", began);
}

// -- load ------------------------------------------------------------------------------------------------------------------

changer& session::changer_of(const value& command) {
  const auto prefix = text(command, "prefix", "load");
  if (changing_.size() == 0)
    changing_.add(changing_members);
  auto& found = changers_[prefix];
  if (!found)
    found = std::make_unique<changer>(scope_of(command), changing_, prefix,
                                      static_cast<std::size_t>(number(command, "keys", 1000)),
                                      static_cast<std::uint64_t>(number(command, "seed", 1)));
  return *found;
}

value session::change(const value& command) {
  auto& by = changer_of(command);
  by.change(static_cast<std::size_t>(number(command, "changes")));
  return by.stop();
}

value session::start_load(const value& command) {
  changer_of(command).start(number(command, "rate"));
  return object("ok", true);
}

value session::stop_load(const value& command) {
  return changer_of(command).stop();
}

// -- messages --------------------------------------------------------------------------------------------------------------

value session::dispatch(const value& command) {
  const auto strategy = dispatch_strategy::parse(field(command, "strategy"));
  if (!strategy)
    return outcome(strategy);
  const auto count = scope_of(command).dispatch(field(command, "key"), strategy.value(), text(command, "text", "hello"));
  return object("count", static_cast<std::int64_t>(count));
}

value session::offer(const value& command) {
  auto& scope = scope_of(command);
  return outcome(scope.join(field(command, "key"), registry::as_member(scope.actor())));
}

value session::call(const value& command) {
  const auto found = scope_of(command).members(field(command, "key"));
  if (found.size() != 1)
    return object("error", "the key " + to_string(field(command, "key")) + " has " + std::to_string(found.size()) +
                               " members instead of one: send the command 'offer' to one node");
  return object("count", call_scope(home_.system(), found.front(), members_.at(members_.add(1))));
}

// -- ends ------------------------------------------------------------------------------------------------------------------

value session::crash(const value& command) {
  registry::kill(scope_of(command).actor());
  return object("ok", true);
}

value session::drain(const value&) {
  return outcome(home_.drain());
}

value session::quit(const value&) {
  changers_.clear();
  watchers_.clear();
  over_ = true;
  return object("ok", true);
}

} // namespace cluster_tests
