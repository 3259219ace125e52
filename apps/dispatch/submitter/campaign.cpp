#include <dispatch/submitter/campaign.hpp>

#include <registry/compat/actor.hpp>
#include <registry/coro/request.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

namespace dispatch {

namespace {

using registry::coroutine_self;
using registry::errc;
using registry::member;
using registry::task;

/// How long a worker that has too much to do is left alone.
constexpr std::chrono::milliseconds pause_if_busy{50};

/// Asks a worker for a job until it has done it or will not.
task<> have_done(coroutine_self self, campaign* home, lane* where, task_state* one) {
  for (;;) {
    run_job request{one->what.content};
    const auto answer = co_await self.request<outcome>(where->who, home->order().timeout, std::move(request));
    if (answer) {
      home->finish(*one, answer.value());
      co_return;
    }
    if (answer.error() != errc::limit_exceeded || home->stopping()) {
      home->give_back(*one, answer.error());
      co_return;
    }
    co_await self.sleep_for(pause_if_busy);
  }
}

/// One of a worker's places: asks it to do one job after the other.
task<> keep_busy(coroutine_self self, campaign* home, lane* where) {
  while (co_await where->given.next()) {
    while (auto* const one = home->begin_next(*where))
      co_await have_done(self, home, where, one);
  }
}

std::vector<std::unique_ptr<task_state>> states_of(std::vector<job> jobs) {
  std::vector<std::unique_ptr<task_state>> out;
  out.reserve(jobs.size());
  for (auto& each : jobs)
    out.push_back(std::make_unique<task_state>(std::move(each)));
  return out;
}

} // namespace

campaign::campaign(coroutine_self self, registry::scope queues, submission what, member observer)
    : self_(self),
      queues_(std::move(queues)),
      order_(std::move(what)),
      observer_(std::move(observer)),
      jobs_(states_of(std::exchange(order_.jobs, {}))),
      waiting_(self, jobs_.size() + 1),
      changes_(self, 1),
      unfinished_(jobs_.size()) {
  for (const auto& each : jobs_)
    waiting_.try_push(each.get());
  if (unfinished_ == 0)
    waiting_.close();
}

// -- Jobs ---------------------------------------------------------------------------------------------------------------------

std::vector<candidate> campaign::candidates(const registry::group& entries) const {
  std::vector<candidate> out;
  for (const auto& held : entries) {
    const auto found = lanes_.find(held.who);
    if (found == lanes_.end() || found->second->closed || !queues_.reachable(held) || !registry::compat::is_alive(held.who))
      continue;
    const auto& way = *found->second;
    const auto says = read_card(held.data);
    const auto load = std::max<std::int64_t>(says ? says.value().load : 0, static_cast<std::int64_t>(way.jobs.size()));
    out.push_back({&held, static_cast<double>(load) / static_cast<double>(way.card.capacity), way.has_room()});
  }
  return out;
}

bool campaign::place(task_state& one) {
  const auto entries = queues_.lookup(std::string_view{order_.queue});
  const auto* const chosen = choose(candidates(entries), order_.how, one.what.key, turn_);
  if (chosen == nullptr)
    return false;
  ++turn_;
  auto& way = *lanes_.find(chosen->who)->second;
  one.where = &way;
  way.jobs.insert(&one);
  way.unbegun.push_back(&one);
  way.given.try_push({});
  return true;
}

task_state* campaign::begin_next(lane& way) {
  if (way.unbegun.empty())
    return nullptr;
  auto* const one = way.unbegun.front();
  way.unbegun.pop_front();
  one->under_way = true;
  ++one->attempts;
  ++under_way_;
  return one;
}

void campaign::leave_lane(task_state& one) {
  const bool begun = std::exchange(one.under_way, false);
  if (begun)
    --under_way_;
  if (auto* const way = std::exchange(one.where, nullptr)) {
    way->jobs.erase(&one);
    if (!begun)
      std::erase(way->unbegun, &one);
  }
  signal();
}

void campaign::finish(task_state& one, const outcome& came) {
  report(one, {one.what.id, came.succeeded ? "done" : "failed", came.output, came.error, one.where->card.name,
               one.where->card.node, one.attempts});
}

void campaign::give_back(task_state& one, const registry::error& why) {
  auto& way = *one.where;
  if (why == errc::not_joined) // it drains, and has not begun
    --one.attempts;
  if (why == errc::not_joined || why == errc::cancelled || why == errc::actor_down)
    close_lane(way);
  if (one.attempts < order_.most_attempts)
    return wait_again(one);
  report(one, {one.what.id,
               "lost",
               {},
               fmt::format("given up after {} attempts: {}", one.attempts, why.message()),
               way.card.name,
               way.card.node,
               one.attempts});
}

void campaign::wait_again(task_state& one) {
  leave_lane(one);
  waiting_.try_push(&one);
}

void campaign::report(task_state& one, job_result result) {
  leave_lane(one);
  if (std::exchange(one.finished, true))
    return;
  self_.send(observer_, std::move(result));
  if (--unfinished_ == 0)
    waiting_.close();
}

void campaign::stop() {
  stopping_ = true;
  waiting_.close();
  take_back_all_unbegun();
  signal();
}

std::size_t campaign::cancel_rest(const std::string& why) {
  const auto left = unfinished_;
  for (const auto& each : jobs_) {
    if (!each->finished)
      report(*each, {each->what.id, "cancelled", {}, why, {}, {}, each->attempts});
  }
  return left;
}

// -- Workers ------------------------------------------------------------------------------------------------------------------

void campaign::look_at_workers() {
  // In this order: who moves from one key to the other in between is seen under the second.
  const auto ready = queues_.lookup(std::string_view{order_.queue});
  const auto leaving = queues_.lookup(draining(order_.queue));
  std::set<member> present;
  for (const auto& held : ready) {
    open_lane(held, false);
    present.insert(held.who);
  }
  for (const auto& held : leaving) {
    open_lane(held, true);
    present.insert(held.who);
  }
  std::vector<std::unique_ptr<lane>> gone;
  for (auto at = lanes_.begin(); at != lanes_.end();) {
    const bool stays = present.contains(at->first);
    if (!stays)
      gone.push_back(std::move(at->second));
    at = stays ? std::next(at) : lanes_.erase(at);
  }
  for (const auto& way : gone) {
    close_lane(*way);
    for (auto* const one : std::set<task_state*>{way->jobs})
      give_back(*one, registry::error(errc::actor_down, "the worker or its node is gone"));
  }
  report_progress();
  signal();
}

void campaign::open_lane(const registry::entry& held, bool drains) {
  auto& way = lanes_[held.who];
  if (!way) {
    auto says = read_card(held.data);
    auto card = says ? std::move(says).value() : worker_card{};
    const auto places = std::min(jobs_.size() + 1, static_cast<std::size_t>(std::max<std::int64_t>(card.capacity, 1)));
    way = std::make_unique<lane>(self_, held.who, std::move(card), places);
    for (std::size_t i = 0; i < places; ++i)
      way->runners.start(keep_busy(self_, this, way.get()));
    // Some keys are the new worker's.
    if (order_.how == strategy::rendezvous)
      take_back_all_unbegun();
  }
  if (drains)
    close_lane(*way);
}

void campaign::close_lane(lane& way) {
  if (!std::exchange(way.closed, true))
    take_back_unbegun(way);
}

void campaign::take_back_unbegun(lane& from) {
  for (auto* const one : std::exchange(from.unbegun, {}))
    wait_again(*one);
}

void campaign::take_back_all_unbegun() {
  for (const auto& [who, way] : lanes_)
    take_back_unbegun(*way);
}

bool campaign::has_workers() const {
  return !lanes_.empty();
}

void campaign::report_progress() const {
  progress_report now{lanes_.size(), under_way_};
  self_.send(observer_, now);
}

} // namespace dispatch
