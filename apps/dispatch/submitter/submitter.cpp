#include <dispatch/submitter/job_board.hpp>
#include <dispatch/submitter/submitter.hpp>

#include <registry/coro/event_stream.hpp>
#include <registry/coro/nursery.hpp>
#include <registry/coro/when.hpp>

#include <fmt/format.h>

#include <utility>
#include <variant>

namespace dispatch {

namespace {

using registry::coroutine_self;
using registry::errc;
using registry::error;
using registry::result;
using registry::task;

/// How often the workers are looked at, and the observer is told how it goes.
constexpr std::chrono::milliseconds report_interval{200};
/// How long to wait for a worker that has no room before looking at all of them again.
constexpr std::chrono::milliseconds look_again{500};

/// Whether an event is about who stands in the scope, and not only about their load.
bool is_about_presence(const registry::watched& seen) {
  const auto* const change = std::get_if<registry::event_ptr>(&seen);
  return change == nullptr || (*change)->what != registry::verb::update;
}

task<> follow_workers(job_board* work, registry::event_stream seen) {
  while (auto one = co_await seen.next()) {
    if (is_about_presence(*one))
      work->look_at_workers();
  }
}

task<> listen(coroutine_self self, job_board* work) {
  co_await self.receive<stop>();
  work->stop();
}

task<> hear_workers(coroutine_self self, job_board* work) {
  for (;;) {
    auto said = co_await self.receive<job_waiting, job_begun, job_dropped, job_refused, job_done>();
    std::visit([work](auto& x) { work->hear(std::move(x)); }, said);
  }
}

task<> watch_time(coroutine_self self, job_board* work) {
  for (;;) {
    co_await self.sleep_for(work->interval());
    work->look_at_time();
  }
}

task<> look_and_tell_progress(coroutine_self self, job_board* work) {
  for (;;) {
    co_await self.sleep_for(report_interval);
    // Also at the workers: one whose link was cut for a moment comes back with another handle, which no event tells.
    work->look_at_workers();
  }
}

/// Waits until something changes; with an error if there has been no worker for too long.
task<result<void>> changed(coroutine_self self, job_board* work) {
  auto changes = work->changes();
  if (work->has_workers()) {
    // Nothing tells that a worker can be reached again.
    static_cast<void>(co_await registry::with_timeout(self, look_again, changes.next()));
    co_return registry::success();
  }
  const auto patience = work->order().patience;
  const auto seen = co_await registry::with_timeout(self, patience, changes.next());
  if (!seen && !work->has_workers())
    co_return error(errc::timeout,
                    fmt::format("the queue '{}' has had no workers for {} ms", work->order().queue, patience.count()));
  co_return registry::success();
}

/// Gives each job to a worker, those that come back again and again, until none is left.
task<result<void>> place_all(coroutine_self self, job_board* work) {
  auto waiting = work->waiting();
  while (auto next = co_await waiting.next()) {
    while (!work->stopping() && !work->place(**next)) {
      auto may_go_on = co_await changed(self, work);
      if (!may_go_on)
        co_return may_go_on.error();
    }
  }
  co_return registry::success();
}

} // namespace

task<> submitter(coroutine_self self, registry::scope queues, submission what, registry::member observer) {
  submission_ended last;
  {
    const registry::value key{what.queue};
    const auto drained = draining(what.queue);
    job_board work{self, queues, std::move(what), observer};
    auto ready = registry::watch(self, queues, key);
    auto leaving = registry::watch(self, queues, drained);
    registry::nursery helpers{self};
    if (ready && leaving) {
      helpers.start(follow_workers(&work, std::move(ready).value()));
      helpers.start(follow_workers(&work, std::move(leaving).value()));
    }
    helpers.start(listen(self, &work));
    helpers.start(hear_workers(self, &work));
    helpers.start(watch_time(self, &work));
    helpers.start(look_and_tell_progress(self, &work));

    const auto placed = co_await place_all(self, &work);

    work.stop();
    auto changes = work.changes();
    while (work.under_way() > 0)
      co_await changes.next();
    const auto why = placed ? std::string{"interrupted"} : std::string{placed.error().message()};
    if (work.cancel_rest(why) > 0)
      last.problem = why;
  }
  self.send(observer, last);
}

} // namespace dispatch
