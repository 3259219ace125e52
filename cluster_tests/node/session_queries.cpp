#include <node/comparison.hpp>
#include <node/content.hpp>
#include <node/digest.hpp>
#include <node/session.hpp>
#include <support/fields.hpp>
#include <support/memory.hpp>
#include <support/waiting.hpp>

#include <registry/actor/handle.hpp>
#include <registry/scope/internal/scope_state.hpp>

#include <sys/resource.h>

#include <optional>
#include <utility>

namespace cluster_tests {

using namespace registry;
using registry::testing::nanoseconds_now;

namespace {

constexpr std::chrono::seconds patience{50};

value description_of(const peer_status& x) {
  return object("who", to_string(x.who), "where", to_string(x.where), "reachable", x.reachable);
}

/// Answers when the condition held first, or what there was instead.
template <class Condition, class Describe>
value time_of(Condition condition, Describe describe) {
  if (registry::testing::eventually(condition, patience))
    return object("at", nanoseconds_now());
  return object("error", "after " + std::to_string(patience.count()) + " seconds this node has " + describe());
}

} // namespace

// -- content ---------------------------------------------------------------------------------------------------------------

value session::lookup(const value& command) {
  auto& scope = scope_of(command);
  std::vector<value> out;
  for (const auto& x : scope.lookup(field(command, "key"))) {
    const auto owner = scope.owner(x);
    out.push_back(object("data", x.data, "local", x.is_local(), "reachable", scope.reachable(x), "owner",
                         owner ? value{to_string(*owner)} : value{}));
  }
  return object("entries", value::list(std::move(out)));
}

value session::content(const value& command) {
  return object("lines", content_of(scope_of(command), home_.self()));
}

value session::count(const value& command) {
  return object("count", static_cast<std::int64_t>(scope_of(command).count()));
}

std::int64_t session::links() const {
  std::int64_t out = 0;
  for (const auto& x : home_.peers())
    out += x.reachable ? 1 : 0;
  return out;
}

value session::status(const value& command) {
  auto& scope = scope_of(command);
  std::vector<value> peers;
  std::int64_t links = 0;
  for (const auto& x : home_.peers()) {
    peers.push_back(description_of(x));
    links += x.reachable ? 1 : 0;
  }
  std::int64_t unreachable = 0;
  scope.snapshot().for_each([&](const value&, const group& entries) {
    for (const auto& x : entries)
      unreachable += scope.reachable(x) ? 0 : 1;
  });
  return object("links", links, "unreachable", unreachable, "peers", value::list(std::move(peers)), "received",
                static_cast<std::int64_t>(members_.received()), "probes", static_cast<std::int64_t>(members_.probes()));
}

value session::statistics(const value& command) {
  const auto x = scope_of(command).state()->replica_state();
  const auto n = [](std::uint64_t count) { return static_cast<std::int64_t>(count); };
  return object("snapshots_sent", n(x.snapshots_sent), "snapshots_given_up", n(x.snapshots_given_up), "snapshots_installed",
                n(x.snapshots_installed), "resumes", n(x.resumes), "overflows", n(x.overflows), "gaps", n(x.gaps),
                "mismatches", n(x.mismatches));
}

value session::digest(const value& command) {
  return digest_of(scope_of(command), home_.self());
}

value session::mark(const value& command) {
  marked_ = scope_of(command).snapshot();
  return object("ok", true);
}

value session::compare(const value& command) {
  return comparison_of(marked_, scope_of(command).snapshot());
}

// -- events ----------------------------------------------------------------------------------------------------------------

watcher& session::watcher_of(const value& command) {
  const auto name = text(command, "scope", "rooms");
  const auto found = watchers_.find(name);
  if (found == watchers_.end())
    throw std::invalid_argument("nobody watches the scope '" + name + "': send the command 'watch' first");
  return *found->second;
}

value session::watch(const value& command) {
  watchers_[text(command, "scope", "rooms")] = std::make_unique<watcher>(home_.system(), scope_of(command));
  return object("ok", true);
}

value session::tally(const value& command) {
  return watcher_of(command).tally(command.find("reset") != nullptr);
}

value session::verify(const value& command) {
  return object("wrong", watcher_of(command).verify(patience));
}

// -- waiting ---------------------------------------------------------------------------------------------------------------

value session::wait_synced(const value& command) {
  return outcome(scope_of(command).wait_synced(patience));
}

value session::wait_replicated(const value& command) {
  return outcome(scope_of(command).wait_replicated(patience));
}

value session::wait_count(const value& command) {
  auto& scope = scope_of(command);
  const auto count = static_cast<std::size_t>(number(command, "count"));
  return time_of([&] { return scope.count() == count; }, [&] { return std::to_string(scope.count()) + " entries"; });
}

value session::wait_links(const value& command) {
  const auto count = number(command, "links");
  return time_of([&] { return links() == count; }, [&] { return std::to_string(links()) + " links"; });
}

// -- measurements ----------------------------------------------------------------------------------------------------------

value session::report_joins(const value& command) {
  reporters_.push_back(spawn_join_reporter(home_.system()));
  return outcome(scope_of(command).monitor_scope(reporters_.back()));
}

value session::report_frames(const value& command) {
  const auto core =
      command.find("core") != nullptr ? std::optional{static_cast<int>(number(command, "core"))} : std::nullopt;
  socket_reporter_ = std::make_unique<socket_reporter>(static_cast<std::uint16_t>(number(command, "port")), core);
  return object("ok", true);
}

value session::keep(const value& command) {
  reporters_.push_back(spawn_keeper(home_.system()));
  return outcome(scope_of(command).join(field(command, "key"), reporters_.back()));
}

value session::memory(const value&) {
  return object("bytes", static_cast<std::int64_t>(registry::testing::memory_at_rest()));
}

value session::processor_time(const value&) {
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  const auto microseconds = [](const timeval& x) { return std::int64_t{x.tv_sec} * 1'000'000 + x.tv_usec; };
  return object("microseconds", microseconds(used.ru_utime) + microseconds(used.ru_stime));
}

} // namespace cluster_tests
