#include <dispatch/submitter/job_board.hpp>

#include <registry/actor/handle.hpp>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

namespace dispatch {

namespace {

using registry::coroutine_self;
using registry::errc;
using registry::member;
using registry::value;

/// The time for which a worker with too much to do is left alone.
constexpr std::chrono::milliseconds pause_if_busy{50};
/// The time that a job waits at a worker before it goes to another one that is idle.
constexpr std::chrono::milliseconds patience_in_queue{500};
/// The shortest time between two looks at the time.
constexpr std::chrono::milliseconds longest_interval{50};

std::vector<std::unique_ptr<task_state>> states_of(std::vector<job> jobs) {
  std::vector<std::unique_ptr<task_state>> out;
  out.reserve(jobs.size());
  for (auto& each : jobs)
    out.push_back(std::make_unique<task_state>(std::move(each)));
  return out;
}

/// The details of a result, with how the attempts before ended.
value with_history(value details, const std::vector<value>& history) {
  if (history.empty())
    return details;
  std::vector<std::pair<std::string, value>> fields;
  for (const auto& [key, content] : details.as_map())
    fields.emplace_back(std::string{*key.as_string()}, content);
  fields.emplace_back("history", value::list(history));
  return value::map(std::move(fields));
}

} // namespace

job_board::job_board(coroutine_self self, registry::scope queues, submission what, member observer)
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

std::vector<candidate> job_board::candidates(const registry::group& entries) const {
  std::vector<candidate> out;
  const auto now = self_.now();
  for (const auto& held : entries) {
    const auto found = lanes_.find(held.who);
    if (found == lanes_.end() || found->second->closed || !queues_.reachable(held) || !registry::is_alive(held.who))
      continue;
    const auto& way = *found->second;
    const auto says = read_card(held.data);
    const auto load = std::max<std::int64_t>(says ? says.value().load : 0, static_cast<std::int64_t>(way.jobs.size()));
    out.push_back({&held, static_cast<double>(load) / static_cast<double>(way.card.capacity), way.has_room(now)});
  }
  return out;
}

bool job_board::place(task_state& one) {
  const auto entries = queues_.lookup(std::string_view{order_.queue});
  const auto* const chosen = choose(candidates(entries), order_.how, one.what.key, turn_);
  if (chosen == nullptr)
    return false;
  ++turn_;
  auto& way = *lanes_.find(chosen->who)->second;
  one.where = &way;
  way.jobs.insert(&one);
  way.unsent.push_back(&one);
  send_jobs(way);
  return true;
}

void job_board::send_jobs(lane& way) {
  const auto now = self_.now();
  while (!stopping_ && way.may_send(now)) {
    auto& one = *way.unsent.front();
    way.unsent.pop_front();
    one.ticket = ++last_ticket_;
    one.progress = progress_at_worker::unknown;
    one.asked = false;
    one.since = now;
    by_ticket_.emplace(one.ticket, &one);
    perform_job order{one.ticket, one.what.content};
    self_.send(way.who, std::move(order));
  }
}

void job_board::leave_lane(task_state& one) {
  const bool sent = by_ticket_.erase(std::exchange(one.ticket, 0)) > 0;
  if (auto* const way = std::exchange(one.where, nullptr)) {
    way->jobs.erase(&one);
    if (!sent)
      std::erase(way->unsent, &one);
    send_jobs(*way);
  }
  signal();
}

void job_board::wait_again(task_state& one) {
  leave_lane(one);
  waiting_.try_push(&one);
}

void job_board::fail_attempt(task_state& one, const std::string& why) {
  if (one.progress != progress_at_worker::begun)
    ++one.attempts;
  const auto card = one.where->card;
  spdlog::info("job {}: attempt {} of {} failed at the worker {}: {}", registry::to_string(one.what.id), one.attempts,
               order_.most_attempts, card.name, why);
  if (one.attempts < order_.most_attempts) {
    one.history.emplace_back(fmt::format("{}: {}", card.name, why));
    return wait_again(one);
  }
  const auto text = fmt::format("given up after {} attempts: {}", one.attempts, why);
  spdlog::warn("job {} is lost: {}", registry::to_string(one.what.id), text);
  report(one, {one.what.id, "lost", {}, text, card.name, card.node, one.attempts, {}});
}

void job_board::report(task_state& one, job_report result) {
  leave_lane(one);
  if (std::exchange(one.finished, true))
    return;
  result.details = with_history(std::move(result.details), one.history);
  self_.send(observer_, std::move(result));
  if (--unfinished_ == 0)
    waiting_.close();
}

void job_board::stop() {
  stopping_ = true;
  waiting_.close();
  take_back_all_unsent();
  for (const auto& [ticket, one] : by_ticket_) {
    if (one->progress != progress_at_worker::begun)
      ask_worker<withdraw_job>(*one);
  }
  signal();
}

std::size_t job_board::cancel_rest(const std::string& why) {
  const auto left = unfinished_;
  for (const auto& each : jobs_) {
    if (!each->finished)
      report(*each, {each->what.id, "cancelled", {}, why, {}, {}, each->attempts, {}});
  }
  return left;
}

// -- What workers say ---------------------------------------------------------------------------------------------------------

task_state* job_board::find(std::uint64_t ticket) const {
  const auto found = by_ticket_.find(ticket);
  return found == by_ticket_.end() ? nullptr : found->second;
}

void job_board::hear(const job_waiting& x) {
  auto* const one = find(x.ticket);
  if (one == nullptr || one->progress == progress_at_worker::begun)
    return;
  // When it was sent, it waits since then; an answer to a question says no more than that it still does.
  one->progress = progress_at_worker::waiting;
  one->since = self_.now();
  one->asked = false;
}

void job_board::hear(const job_begun& x) {
  auto* const one = find(x.ticket);
  if (one == nullptr || std::exchange(one->progress, progress_at_worker::begun) == progress_at_worker::begun)
    return;
  ++one->attempts;
  one->since = self_.now();
}

void job_board::hear(const job_dropped& x) {
  auto* const one = find(x.ticket);
  if (one == nullptr)
    return;
  if (one->progress == progress_at_worker::begun || !one->asked)
    fail_attempt(*one, "the worker does not know of the job any more");
  else
    wait_again(*one);
}

void job_board::hear(const job_refused& x) {
  auto* const one = find(x.ticket);
  if (one == nullptr)
    return;
  if (x.reason == errc::not_joined)
    close_lane(*one->where);
  else if (x.reason == errc::limit_exceeded)
    one->where->busy_until = self_.now() + pause_if_busy;
  else
    return fail_attempt(*one, std::string{registry::error(x.reason).message()});
  wait_again(*one);
}

void job_board::hear(job_done x) {
  auto* const one = find(x.ticket);
  if (one == nullptr)
    return;
  if (one->progress != progress_at_worker::begun)
    ++one->attempts;
  const auto card = one->where->card;
  report(*one, {one->what.id, x.succeeded ? "done" : "failed", std::move(x.output), std::move(x.error), card.name, card.node,
                one->attempts, std::move(x.details)});
}

// -- Time ---------------------------------------------------------------------------------------------------------------------

std::chrono::milliseconds job_board::interval() const {
  return std::clamp(order_.timeout / 4, std::chrono::milliseconds{1}, longest_interval);
}

template <class Message>
void job_board::tell_worker(task_state& one) {
  const Message content{one.ticket};
  self_.send(one.where->who, content);
}

template <class Message>
void job_board::ask_worker(task_state& one) {
  tell_worker<Message>(one);
  one.asked = true;
  one.since = self_.now();
}

std::int64_t job_board::idle_places() const {
  const auto entries = queues_.lookup(std::string_view{order_.queue});
  std::int64_t out = 0;
  for (const auto& x : candidates(entries)) {
    const auto& card = lanes_.find(x.worker->who)->second->card;
    if (x.has_room)
      out += std::max<std::int64_t>(
          card.capacity - static_cast<std::int64_t>(x.occupation * static_cast<double>(card.capacity)), 0);
  }
  return out;
}

void job_board::look_at_time_of(task_state& one, task_state::time_point now) {
  const auto past = now - one.since;
  if (past < order_.timeout)
    return;
  if (one.progress != progress_at_worker::begun && !one.asked)
    return ask_worker<ask_job>(one);
  tell_worker<give_up_job>(one);
  const auto* const why = one.progress == progress_at_worker::begun ? "took longer than" : "has not answered for";
  fail_attempt(one, fmt::format("the worker {} {} ms", why, order_.timeout.count()));
}

void job_board::move_to_idle_workers(task_state::time_point now) {
  // Of a worker of its own choice, `rendezvous` does not tire.
  if (order_.how == strategy::rendezvous || stopping_)
    return;
  std::optional<std::int64_t> places;
  for (const auto& [ticket, one] : by_ticket_) {
    if (one->progress != progress_at_worker::waiting || one->asked || now - one->since < patience_in_queue)
      continue;
    if (!places)
      places = idle_places();
    if (--*places < 0)
      return;
    ask_worker<withdraw_job>(*one);
  }
}

void job_board::look_at_time() {
  const auto now = self_.now();
  // Copied, since jobs come and go meanwhile; those that do have another ticket then.
  const std::vector<std::pair<std::uint64_t, task_state*>> sent{by_ticket_.begin(), by_ticket_.end()};
  for (const auto& [ticket, one] : sent) {
    if (one->ticket == ticket)
      look_at_time_of(*one, now);
  }
  move_to_idle_workers(now);
  for (const auto& [who, way] : lanes_) {
    // A handle that has died stays dead: a worker that can be reached again has another one.
    if (!registry::is_alive(who))
      abandon_lane(*way);
    if (way->busy_until != task_state::time_point{} && way->busy_until <= now) {
      way->busy_until = {};
      send_jobs(*way);
      signal();
    }
  }
}

// -- Workers ------------------------------------------------------------------------------------------------------------------

void job_board::lose_worker(task_state& one) {
  if (one.ticket == 0 || one.progress == progress_at_worker::waiting)
    return wait_again(one);
  tell_worker<give_up_job>(one); // it may be there and only not be seen
  fail_attempt(one, "the worker or its node is gone");
}

} // namespace dispatch
