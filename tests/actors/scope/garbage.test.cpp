#include <registry/actor/handle.hpp>
#include <registry/scope/internal/scope_state.hpp>

#include <support/effort.hpp>
#include <support/fixture.hpp>
#include <support/waiting.hpp>

#include <caf/event_based_actor.hpp>

#include <support/catch.hpp>

#include <atomic>
#include <optional>
#include <string>
#include <thread>
#include <vector>

// What must not stay: actors that have left while others read, and the cost of an ended subscription.

namespace registry {

using testing::eventually;
using testing::one_node;

namespace {

class counted : public caf::event_based_actor {
public:
  explicit counted(caf::actor_config& config) : caf::event_based_actor(config) { ++alive; }
  ~counted() override { --alive; }
  caf::behavior make_behavior() override {
    return {[](const std::string&) {}};
  }

  static inline std::atomic<int> alive{0};
};

/// Reads another scope all the time, so that some thread is usually inside a table.
class readers {
public:
  explicit readers(one_node& n) {
    const auto ann = n.spawn_idle();
    for (int key = 0; key < 3'000; ++key)
      REQUIRE(n.names.join(key, ann));
    for (int i = 0; i < 2; ++i)
      threads_.emplace_back([this, ann, &names = n.names] {
        while (!over_)
          static_cast<void>(names.keys(ann));
      });
  }
  ~readers() { over_ = true; }

private:
  std::atomic<bool> over_{false};
  std::vector<std::jthread> threads_;
};

} // namespace

TEST_CASE("an actor that has left a quiet scope is freed although others read", "[scope][garbage]") {
  one_node n(2);
  const readers reading(n);
  for (std::uint64_t i = 0; i < testing::repetitions(30); ++i) {
    {
      const auto who = n.system.spawn<counted>();
      REQUIRE(n.rooms.join("k", who));
      REQUIRE(n.rooms.leave("k", who));
      registry::kill(who);
    }
    REQUIRE(eventually([] { return counted::alive == 0; }));
  }
}

TEST_CASE("the content of a closed scope is freed although others read", "[scope][garbage]") {
  one_node n(2);
  const readers reading(n);
  std::vector<scope> closed;
  for (std::uint64_t i = 0; i < testing::repetitions(10); ++i) {
    const auto name = "s" + std::to_string(i);
    closed.push_back(n.home.open_scope(name).value());
    {
      const auto who = n.system.spawn<counted>();
      REQUIRE(closed.back().join("k", who));
      registry::kill(who);
    }
    REQUIRE(n.home.close_scope(name));
    REQUIRE(eventually([] { return counted::alive == 0; }));
  }
}

TEST_CASE("nobody observes a scope after a subscription that lagged has ended", "[scope][garbage]") {
  one_node n;
  auto& state = *n.rooms.state();
  const auto is_observed = [&] {
    bool out = false;
    REQUIRE(state.commit([&](store& content) -> result<void> {
      out = content.log().observed();
      return success();
    }));
    return out;
  };
  const auto start = n.rooms.monitor("k", n.self);
  REQUIRE(start);
  CHECK(is_observed());
  REQUIRE(n.rooms.demonitor(start.value().reference));
  CHECK_FALSE(is_observed());
  // One that ends between noticing that it lags and its new start.
  subscription_queue ended({1}, std::nullopt, n.spawn_idle(), 1, 0, n.rooms.state());
  ended.cancel();
  CHECK_FALSE(state.restart(ended));
  CHECK_FALSE(is_observed());
}

} // namespace registry
