#include <node/watcher.hpp>
#include <support/waiting.hpp>

#include <registry/actor/handle.hpp>
#include <registry/compat/actor.hpp>

#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/scoped_actor.hpp>

#include <algorithm>
#include <stdexcept>

namespace cluster_tests {

using namespace registry;
using registry::testing::nanoseconds_now;

watcher::watcher(caf::actor_system& system, scope watched) : watched_(std::move(watched)) {
  actor_ = system.spawn([shared = state_](caf::event_based_actor*) {
    return caf::behavior{[shared](const events& pending) { shared->take(pending); },
                         [](caf::get_atom) { return caf::ok_atom_v; }};
  });
  // Events that come before the fold has its start wait for the lock.
  const std::lock_guard guard(state_->lock);
  const auto start = watched_.monitor_scope(actor_);
  if (!start)
    throw std::runtime_error(to_string(start.error()));
  state_->known.start(start.value());
}

watcher::~watcher() {
  registry::kill(actor_);
}

void watcher::state::take(const events& pending) {
  const std::lock_guard guard(lock);
  const auto batch = pending.take();
  if (batch.lagged) {
    known.start(*batch.lagged);
    counts.emplace_back("lagged", 1);
  }
  for (const auto& change : batch.changes) {
    known.apply(*change);
    count(*change);
  }
  changed.notify_all();
}

void watcher::state::count(const event& change) {
  auto name = std::string{to_string(change.what)} + "/" + std::string{to_string(change.why)};
  const auto number = static_cast<std::int64_t>(change.entries.size());
  const auto found = std::find_if(counts.begin(), counts.end(), [&](const auto& x) { return x.first == name; });
  if (found == counts.end())
    counts.emplace_back(std::move(name), number);
  else
    found->second += number;
  if (change.what == verb::leave)
    return;
  for (const auto& x : change.entries) {
    if (const auto* at = x.data.find("at"))
      delays.push_back((nanoseconds_now() - at->as_integer().value_or(0)) / 1000);
  }
}

value watcher::tally(bool reset) {
  const std::lock_guard guard(state_->lock);
  std::vector<std::pair<std::string, value>> out;
  for (const auto& [name, number] : state_->counts)
    out.emplace_back(name, number);
  auto& delays = state_->delays;
  if (!delays.empty()) {
    std::sort(delays.begin(), delays.end());
    out.emplace_back("delays", list(delays[delays.size() / 2], delays[delays.size() * 99 / 100], delays.back()));
  }
  if (reset) {
    state_->counts.clear();
    delays.clear();
  }
  return value::map(std::move(out));
}

std::string watcher::verify(std::chrono::milliseconds patience) const {
  // Events under way may cancel out, and are not seen in the difference then.
  watched_.flush();
  caf::scoped_actor asker(actor_->home_system());
  compat::request(asker, actor_, patience, caf::get_atom_v).receive([](caf::ok_atom) {}, [](const caf::error&) {});
  const auto end = std::chrono::steady_clock::now() + patience;
  std::unique_lock guard(state_->lock);
  for (;;) {
    // The table may be ahead of the events that are under way, never behind.
    const auto wrong = state_->known.difference(watched_.snapshot());
    if (!state_->known.fault().empty())
      return state_->known.fault();
    if (wrong.empty() || state_->changed.wait_until(guard, end) == std::cv_status::timeout)
      return wrong;
  }
}

} // namespace cluster_tests
