#include <support/fixture.hpp>
#include <support/waiting.hpp>

#include <registry/actor/handle.hpp>
#include <registry/caf/internal/broadcast.hpp>

#include <caf/event_based_actor.hpp>
#include <caf/settings.hpp>

#include <support/catch.hpp>

#include <atomic>
#include <latch>
#include <map>
#include <memory>
#include <thread>

namespace registry {

namespace {

using testing::eventually;

/// Enough for workers to share a list of woken actors, and just enough for a list.
constexpr std::size_t many = 2000;
constexpr std::size_t some = 70;

/// The messages that a crowd of actors has received.
struct receipts {
  std::atomic<std::size_t> received{0};
  std::atomic<std::size_t> out_of_order{0};
};

/// Counts messages, and those out of the sender's order: the first number identifies the sender, the second one counts.
caf::behavior counter(const std::shared_ptr<receipts>& all) {
  return {[all, last = std::map<std::int32_t, std::int32_t>{}](std::int32_t from, std::int32_t number) mutable {
    auto& before = last[from];
    if (number != before + 1)
      ++all->out_of_order;
    before = number;
    ++all->received;
  }};
}

class crowd {
public:
  crowd(caf::actor_system& system, std::size_t size) {
    for (std::size_t i = 0; i < size; ++i)
      members.push_back(registry::as_member(system.spawn(counter, all)));
  }
  crowd(const crowd&) = delete;
  crowd& operator=(const crowd&) = delete;
  ~crowd() {
    for (const auto& who : members)
      registry::kill(who);
  }

  void tell(std::int32_t from, std::int32_t number) const { internal::broadcast(members, caf::make_message(from, number)); }

  std::shared_ptr<receipts> all = std::make_shared<receipts>();
  std::vector<member> members;
};

/// Lets each actor handle one message only before the next actor has its turn.
struct impatient_config : system_config {
  impatient_config() {
    // The name of the option in CAF 0.17, and later.
    caf::put(content, "scheduler.max-throughput", std::size_t{1});
    caf::put(content, "caf.scheduler.max-throughput", std::size_t{1});
  }
};

} // namespace

TEST_CASE("a broadcast reaches every actor once, in the order of its sender", "[compat][broadcast]") {
  constexpr std::int32_t rounds = 20;
  constexpr std::int32_t senders = 3;
  const auto size = GENERATE(some, many);
  system_config config;
  caf::actor_system system{config};
  const crowd listeners(system, size);
  {
    std::vector<std::jthread> threads;
    for (std::int32_t from = 0; from < senders; ++from)
      threads.emplace_back([&listeners, from] {
        for (std::int32_t number = 1; number <= rounds; ++number)
          listeners.tell(from, number);
      });
  }
  CHECK(eventually([&] { return listeners.all->received == size * rounds * senders; }));
  CHECK(listeners.all->out_of_order == 0);
}

TEST_CASE("a broadcast reaches actors that have to take turns", "[compat][broadcast]") {
  impatient_config config;
  caf::actor_system system{config};
  const crowd listeners(system, many);
  for (std::int32_t number = 1; number <= 10; ++number)
    listeners.tell(0, number);
  CHECK(eventually([&] { return listeners.all->received == 10 * many; }));
  CHECK(listeners.all->out_of_order == 0);
}

TEST_CASE("a broadcast skips null handles and terminated actors, and sends once per listed handle", "[compat][broadcast]") {
  testing::one_node n;
  const crowd listeners(n.system, 1);
  const auto gone = n.spawn_idle();
  n.end(gone);
  for (const auto size : {std::size_t{2}, many}) {
    std::vector<member> to(size, gone);
    to.insert(to.end(), 5, nullptr);
    to.push_back(listeners.members[0]);
    to.push_back(listeners.members[0]);
    const auto before = listeners.all->received.load();
    internal::broadcast(to, caf::make_message(std::int32_t{0}, std::int32_t{0}));
    CHECK(eventually([&] { return listeners.all->received == before + 2; }));
  }
  internal::broadcast({}, caf::make_message(std::int32_t{0}, std::int32_t{0}));
  internal::broadcast(std::vector<member>(many, nullptr), caf::make_message(std::int32_t{0}, std::int32_t{0}));
}

TEST_CASE("actors that block hold up no others while a worker is free", "[compat][broadcast]") {
  // CAF has at least four workers.
  constexpr std::size_t blockers = 3;
  const auto size = GENERATE(some, many);
  system_config config;
  caf::actor_system system{config};
  const crowd listeners(system, size);
  const auto released = std::make_shared<std::latch>(1);
  const auto blocked = std::make_shared<std::atomic<std::size_t>>(0);
  std::vector<member> to;
  for (std::size_t i = 0; i < blockers; ++i)
    to.push_back(registry::as_member(system.spawn([released, blocked]() -> caf::behavior {
      return {[=](std::int32_t, std::int32_t) {
        ++*blocked;
        released->wait();
      }};
    })));
  to.insert(to.end(), listeners.members.begin(), listeners.members.end());
  internal::broadcast(to, caf::make_message(std::int32_t{0}, std::int32_t{1}));
  CHECK(eventually([&] { return *blocked == blockers && listeners.all->received == size; }));
  released->count_down();
  for (std::size_t i = 0; i < blockers; ++i)
    registry::kill(to[i]);
}

TEST_CASE("a system may end right after a broadcast, and no actor is left", "[compat][broadcast]") {
  for (int i = 0; i < 10; ++i) {
    const auto all = std::make_shared<receipts>();
    {
      system_config config;
      caf::actor_system system{config};
      std::vector<member> unreferenced;
      for (std::size_t k = 0; k < many; ++k)
        unreferenced.push_back(registry::as_member(system.spawn<caf::hidden>(counter, all)));
      internal::broadcast(unreferenced, caf::make_message(std::int32_t{0}, std::int32_t{1}));
    }
    CHECK(all->received <= many);
    CHECK(all.use_count() == 1); // each actor has one
  }
}

} // namespace registry
