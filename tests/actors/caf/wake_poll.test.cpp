#include <registry/actor/tell.hpp>
#include <registry/caf/internal/wake_poll.hpp>
#include <registry/compat/actor.hpp>
#include <registry/node/clustered_system_config.hpp>

#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>

#include <support/catch.hpp>
#include <support/processor_time.hpp>
#include <support/waiting.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <latch>
#include <memory>
#include <vector>

namespace registry {

namespace {

using testing::eventually;

/// Its thread stands for that of CAF's multiplexer.
struct wake_fixture {
  explicit wake_fixture(std::chrono::nanoseconds duration) : poll(new internal::wake_poll(system, duration), false) {}

  void tell(const member& to, std::int32_t number) {
    const internal::wake_redirection redirected(poll->entrance());
    compat::deliver(to, caf::make_message(number));
  }
  /// A message that the scheduler gets as ever.
  static void tell_by_scheduler(const member& to, std::int32_t number) { compat::deliver(to, caf::make_message(number)); }

  clustered_system_config config;
  caf::actor_system system{config};
  internal::wake_poll_ptr poll;
};

struct counted_messages {
  std::atomic<std::int32_t> count{0};
  std::atomic<std::int32_t> out_of_order{0};
};

member spawn_counter(caf::actor_system& system, const std::shared_ptr<counted_messages>& all) {
  return as_member(system.spawn([all](caf::event_based_actor*) -> caf::behavior {
    return {[all](std::int32_t number) {
      all->out_of_order += number == all->count ? 0 : 1;
      ++all->count;
    }};
  }));
}

/// The longest that the option allows.
constexpr std::chrono::milliseconds longest_poll{10};

} // namespace

TEST_CASE("actors that a change from elsewhere wakes get all messages, in order, whatever the workers do") {
  for (const auto duration : {std::chrono::microseconds{0}, std::chrono::microseconds{1}, std::chrono::microseconds{20},
                              std::chrono::microseconds{1000}}) {
    wake_fixture x{duration};
    std::vector<std::shared_ptr<counted_messages>> all;
    std::vector<member> members;
    for (int i = 0; i < 5; ++i) {
      all.push_back(std::make_shared<counted_messages>());
      members.push_back(spawn_counter(x.system, all.back()));
    }
    constexpr int messages = 5'000;
    for (int i = 0; i < messages; ++i) {
      for (const auto& to : members)
        x.tell(to, i);
      if (i % 1000 == 0)
        testing::outlast(std::chrono::milliseconds{2});
    }
    for (const auto& one : all) {
      CHECK(eventually([&] { return one->count == messages; }));
      CHECK(one->out_of_order == 0);
    }
    for (const auto& to : members)
      kill(to);
  }
}

TEST_CASE("a handler that blocks holds up nobody whom a change from elsewhere wakes") {
  wake_fixture x{longest_poll};
  std::latch release{1};
  std::atomic<bool> is_blocked{false};
  const auto blocked = as_member(x.system.spawn([&](caf::event_based_actor*) -> caf::behavior {
    return {[&](std::int32_t) {
      is_blocked = true;
      release.wait();
    }};
  }));
  const auto others = std::make_shared<counted_messages>();
  const auto other = spawn_counter(x.system, others);
  x.tell(blocked, 0);
  CHECK(eventually([&] { return is_blocked.load(); }));
  int told = 0;
  const auto tell_other = [&](int times) {
    for (int i = 0; i < times; ++i) {
      x.tell(other, told++);
      CHECK(eventually([&] { return others->count == told; }));
    }
  };
  tell_other(100);
  release.count_down();
  // There is one worker that polls, and no second one that came in place of the blocked one.
  tell_other(500);
  CHECK(others->out_of_order == 0);
  kill(blocked);
  kill(other);
}

TEST_CASE("actors that others wake are served while a worker looks for those that a change from elsewhere wakes") {
  wake_fixture x{longest_poll};
  const auto woken = std::make_shared<counted_messages>();
  const auto usual = std::make_shared<counted_messages>();
  const auto first = spawn_counter(x.system, woken);
  const auto second = spawn_counter(x.system, usual);
  for (int i = 0; i < 100; ++i) {
    x.tell(first, i);
    CHECK(eventually([&] { return woken->count == i + 1; }));
    wake_fixture::tell_by_scheduler(second, i);
    CHECK(eventually([&] { return usual->count == i + 1; }));
  }
  kill(first);
  kill(second);
  // The actor system ends while it looks.
}

TEST_CASE("the worker sleeps when it has looked for woken actors for long enough") {
  for (const auto duration : {std::chrono::microseconds{0}, std::chrono::microseconds{1000}}) {
    wake_fixture x{duration};
    const auto all = std::make_shared<counted_messages>();
    const auto one = spawn_counter(x.system, all);
    x.tell(one, 0);
    CHECK(eventually([&] { return all->count == 1; }));
    testing::outlast(std::chrono::milliseconds{20});
    const auto before = testing::processor_time();
    testing::outlast(std::chrono::milliseconds{200});
    CHECK(testing::processor_time() - before < std::chrono::milliseconds{100});
    x.tell(one, 1);
    CHECK(eventually([&] { return all->count == 2; }));
    kill(one);
  }
}

} // namespace registry
