#include <support/fixture.hpp>
#include <support/waiting.hpp>

#include <caf/after.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/settings.hpp>

#include <support/catch.hpp>

#include <atomic>
#include <latch>
#include <memory>

namespace registry {

using testing::eventually;

namespace {

/// A node whose actors take turns on one thread.
struct one_worker_config : system_config {
  one_worker_config() {
    // As the option is called in CAF 0.17, and later.
    caf::put(content, "scheduler.max-threads", std::size_t{1});
    caf::put(content, "caf.scheduler.max-threads", std::size_t{1});
  }
};

struct one_worker_node {
  one_worker_node() { REQUIRE(rooms.monitor_scope(self)); }
  ~one_worker_node() { compat::kill(owner); }
  one_worker_node(const one_worker_node&) = delete;
  one_worker_node& operator=(const one_worker_node&) = delete;

  /// The changes that the mailbox of the test has by now.
  std::size_t changes_here() {
    std::size_t count = 0;
    for (bool more = true; more;)
      self->receive([&](const events& pending) { count += pending.take().changes.size(); },
                    caf::after(std::chrono::seconds{0}) >> [&] { more = false; });
    return count;
  }

  one_worker_config config;
  caf::actor_system system{config};
  node home = node::start(system).value();
  scope rooms = home.open_scope("rooms").value();
  caf::scoped_actor self{system};
  member owner = compat::as_member(system.spawn([]() -> caf::behavior { return {[](std::int32_t) {}}; }));
};

/// While one exists no actor of the node has a turn.
class held_worker {
public:
  explicit held_worker(one_worker_node& n) {
    const auto blocker = n.system.spawn([state = state_](caf::event_based_actor* self) -> caf::behavior {
      return {[=](std::int32_t) {
        state->held.count_down();
        state->released.wait();
        self->quit();
      }};
    });
    compat::tell(blocker, std::int32_t{0});
    state_->held.wait();
  }
  held_worker(const held_worker&) = delete;
  held_worker& operator=(const held_worker&) = delete;
  ~held_worker() { state_->released.count_down(); }

private:
  struct latches {
    std::latch held{1};
    std::latch released{1};
  };
  std::shared_ptr<latches> state_ = std::make_shared<latches>();
};

} // namespace

TEST_CASE("after a pause the thread that commits a change hands it out", "[scope][hand_out]") {
  one_worker_node n;
  std::int64_t number = 0;
  // The scope's actor may just be about to have its turn, which then is waited for; but not each time.
  const auto handed_out_at_once = [&] {
    n.rooms.flush();
    n.changes_here();
    const held_worker nobody_else(n);
    testing::outlast(std::chrono::milliseconds{1});
    REQUIRE(n.rooms.join("k", n.owner, ++number));
    return n.changes_here() == 1;
  };
  CHECK(eventually(handed_out_at_once));
}

TEST_CASE("what is committed while no actor has a turn is handed out when one has, in whole", "[scope][hand_out]") {
  constexpr std::size_t changes = 1000;
  one_worker_node n;
  std::size_t seen = 0;
  {
    const held_worker nobody_else(n);
    for (std::size_t i = 0; i < changes; ++i)
      REQUIRE(n.rooms.join("k", n.owner, i));
    seen = n.changes_here();
  }
  CHECK(eventually([&] { return (seen += n.changes_here()) == changes; }));
}

TEST_CASE("the last change of a burst of any length arrives without another one", "[scope][hand_out]") {
  testing::one_node n;
  REQUIRE(n.rooms.monitor_scope(n.self));
  const auto ann = n.spawn_idle();
  for (std::size_t length = 1; length <= 60; ++length) {
    for (std::size_t i = 0; i < length; ++i)
      REQUIRE(n.rooms.join("k", ann, i));
    std::size_t seen = 0;
    REQUIRE(eventually([&] { return (seen += n.taken_events().size()) == length; }));
  }
}

} // namespace registry
