#include <conformance/compare.hpp>
#include <conformance/ensemble.hpp>
#include <conformance/message_calls.hpp>
#include <conformance/performance.hpp>
#include <conformance/reader.hpp>
#include <conformance/replayer.hpp>

#include <utility>

namespace registry::conformance {

namespace {

constexpr const char* scope_name = "trace";
constexpr const char* listener_name = "listener of a trace";

/// A scope as the traces require it: with a listener that exists and one that does not.
scope_options options_for(const trace& script) {
  scope_options options;
  options.name = scope_name;
  options.mode = script.mode;
  options.listeners = {listener_name, "nobody has this name"};
  return options;
}

} // namespace

result<tally> replayer::replay(std::istream& in, const std::string& file) {
  ensemble actors(node_.system());
  const auto script = read_trace(in, file, [&] { return actors.spawn(); });
  if (!script)
    return script.error();
  const auto listener = actors.spawn();
  node_.name_actor(listener_name, listener);
  const auto where = node_.open_scope(options_for(script.value()));
  if (!where)
    return where.error();
  std::unique_ptr<calls> way = std::make_unique<direct_calls>(where.value());
  if (route_ == route::messages)
    way = std::make_unique<message_calls>(where.value(), actors);
  performance stage(script.value(), actors, where.value(), listener, std::move(way));
  const auto out = play(script.value(), stage);
  node_.forget_name(listener_name);
  if (auto closed = node_.close_scope(scope_name); !closed)
    return closed.error();
  return out;
}

tally replayer::play(const trace& script, performance& stage) {
  tally out{0, 0, script.remark};
  for (const auto& what : script.operations) {
    ++out.operations;
    const auto found = stage.perform(what);
    const auto differences = found ? compare(what, found.value(), script.actors)
                                   : std::vector<std::string>{"given up: " + to_string(found.error())};
    if (differences.empty())
      continue;
    ++out.mismatches;
    report_(script, what, differences);
    if (!found)
      break;
  }
  return out;
}

} // namespace registry::conformance
