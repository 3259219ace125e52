#include "fixture.hpp"

#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>

namespace forms {

namespace {

caf::actor spawn_echo(caf::actor_system& system) {
  return system.spawn([](caf::event_based_actor*) -> caf::behavior {
    return {[alive = canary{}](const std::string& text) { return alive.intact() ? text : "broken"; }};
  });
}

task<> take_all(fixture* f, channel<int*> from) {
  while (auto next = co_await from.next())
    co_await f->pause();
}

task<> send_all(fixture* f) {
  for (int i = 2; i <= turns_due; ++i) {
    co_await f->pause();
    f->self.send(f->self.handle(), f->word());
  }
}

task<> request_all(fixture* f) {
  for (int i = 0; i <= turns_due; ++i) {
    auto answer = co_await f->self.request<std::string>(f->self.handle(), 10s, f->word());
    if (answer)
      f->wrong("a request that was never answered has an answer");
  }
}

task<> join_all(fixture* f, std::string name) {
  for (int i = 1; i < turns_due; ++i) {
    co_await f->pause();
    f->rooms->join(name + std::to_string(i), f->self.handle()).value();
  }
}

task<> update_all(fixture* f, std::string name) {
  for (int i = 1; i < turns_due; ++i) {
    co_await f->pause();
    f->rooms->update_value(name, f->self.handle(), i).value();
  }
}

} // namespace

fixture::fixture(coroutine_self self, scope rooms, std::string name)
    : self(self),
      rooms(self, rooms),
      echo(spawn_echo(self.system())),
      pointers(self, 8),
      words(self, 8),
      canaries(self, 8),
      name_(std::move(name)),
      owners_(
          channel<shared_canary>{self, 1}, std::make_shared<canary>(), std::weak_ptr<canary>{}, word(),
          [alive = canary{}] { return alive.intact(); }, cells_, std::pair{&cells_[0], &cells_[1]},
          counted_pair{&cells_[0], &pair_uses_}, spawn_echo(self.system()), std::make_shared<canary>(),
          std::vector<shared_canary>{std::make_shared<canary>(), std::make_shared<canary>()},
          std::pair{std::make_shared<canary>(), std::make_shared<canary>()}, object("name", std::string(40, 'n'), "age", 42),
          rooms, canary{}),
      feeders_(self) {
  std::get<channel<shared_canary>>(owners_).try_push(std::make_shared<canary>());
  std::get<std::weak_ptr<canary>>(owners_) = std::get<shared_canary>(owners_);
}

task<> fixture::pause() {
  co_await self.catch_up();
  co_await self.sleep_for(1ms);
}

task<int> fixture::count() {
  if (waits())
    co_await self.sleep_for(1ms);
  co_return 7;
}

task<result<void>> fixture::step() {
  if (waits())
    co_await self.sleep_for(1ms);
  co_return success();
}

task<result<std::string>> fixture::give() {
  if (waits())
    co_await self.sleep_for(1ms);
  if (!more())
    co_return errc::cancelled;
  co_return word();
}

task<std::optional<shared_canary>> fixture::maybe() {
  if (waits())
    co_await self.sleep_for(1ms);
  if (!more())
    co_return std::nullopt;
  co_return std::make_shared<canary>();
}

std::vector<task<result<std::string>>> fixture::several() {
  std::vector<task<result<std::string>>> out;
  out.push_back(give());
  out.push_back(give());
  return out;
}

generator<shared_canary> fixture::stream() {
  for (int i = 0; i < turns_due; ++i) {
    if (waits())
      co_await self.sleep_for(1ms);
    co_yield std::make_shared<canary>();
  }
}

nursery::join_operation fixture::join(nursery& children) {
  if (waits())
    children.start(step());
  return children.join();
}

void fixture::drain(channel<int*> from) {
  at_end = [from]() mutable { from.close(); };
  feeders_.start(take_all(this, std::move(from)));
}

void fixture::feed_messages() {
  self.send(self.handle(), word());
  self.send(self.handle(), word());
  feeders_.start(send_all(this));
}

void fixture::feed_requests() {
  feeders_.start(request_all(this));
}

void fixture::feed_keys() {
  rooms->join(name_ + "0", self.handle()).value();
  feeders_.start(join_all(this, name_));
}

void fixture::feed_events() {
  rooms->join(name_, self.handle()).value();
  feeders_.start(update_all(this, name_));
}

std::string fixture::verdict(const result<bool>& outcome) const {
  if (!outcome)
    return "did not end: " + to_string(outcome.error());
  if (!wrong_.empty())
    return wrong_;
  if (!outcome.value())
    return "ended early or with a wrong value";
  if (turns_ != turns_due)
    return std::to_string(turns_) + " turns instead of " + std::to_string(turns_due);
  const auto counts = {std::get<shared_canary>(owners_).use_count(),
                       std::get<std::optional<shared_canary>>(owners_)->use_count(),
                       std::get<std::vector<shared_canary>>(owners_)[0].use_count(),
                       std::get<std::pair<shared_canary, shared_canary>>(owners_).second.use_count(), long{pair_uses_}};
  for (const auto uses : counts) {
    if (uses != 1)
      return std::to_string(uses) + " uses are left instead of 1";
  }
  return {};
}

task<bool> outcome(fixture*, task<> form) {
  co_await std::move(form);
  co_return true;
}

task<bool> outcome(fixture* f, task<int> form) {
  const auto turns = co_await std::move(form);
  co_return turns == f->turns();
}

task<bool> outcome(fixture* f, task<std::string> form) {
  const auto text = co_await std::move(form);
  co_return text == f->word();
}

task<bool> outcome(fixture*, task<result<void>> form) {
  const auto ended = co_await std::move(form);
  co_return ended.has_value();
}

} // namespace forms
