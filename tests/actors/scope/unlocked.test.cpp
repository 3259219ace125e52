#include <support/fixture.hpp>

#include <registry/actor/handle.hpp>
#include <registry/internal/deferral.hpp>

#include <support/companion.hpp>
#include <support/effort.hpp>
#include <support/seed.hpp>

#include <caf/event_based_actor.hpp>

#include <support/catch.hpp>

#include <algorithm>
#include <atomic>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

// Application code in all places where it can hide: destructors of actors, deliveries to companions, callbacks.

namespace registry {

using testing::companion;
using testing::one_node;

namespace {

/// Counts application code that runs while this thread holds a lock of the registry.
struct witness {
  std::atomic<int> calls{0};
  std::atomic<int> under_a_lock{0};

  void look() {
    ++calls;
    if (internal::deferral::is_open())
      ++under_a_lock;
  }
};

/// An actor whose destructor uses the scope.
class guest : public caf::event_based_actor {
public:
  guest(caf::actor_config& config, std::shared_ptr<witness> seen, scope where)
      : caf::event_based_actor(config), seen_(std::move(seen)), where_(std::move(where)) {}
  ~guest() override {
    seen_->look();
    where_.flush();
    static_cast<void>(where_.put_meta("destroyed", 1));
  }
  caf::behavior make_behavior() override {
    return {[](std::int32_t) {}};
  }

private:
  std::shared_ptr<witness> seen_;
  scope where_;
};

} // namespace

TEST_CASE("no application code runs under a lock, whatever is done with a scope", "[unlocked]") {
  const auto seed = testing::seed();
  CAPTURE(seed);
  std::mt19937_64 random{seed};
  const auto below = [&](std::size_t bound) { return static_cast<std::size_t>(random() % bound); };
  const auto seen = std::make_shared<witness>();
  const auto delivered = std::make_shared<witness>();
  {
    one_node n;
    scope_options options;
    options.name = "watched";
    options.subscription_limit = 5; // so that it is exceeded
    options.listeners = {"audit"};
    auto watched = n.home.open_scope(options).value();
    companion audit(n.system, [&](const caf::message&) { delivered->look(); });
    companion reader(n.system, [&](const caf::message& what) {
      delivered->look();
      watched.flush();
      if (what.match_elements<events>() && what.get_as<events>(0).reference().number % 3 != 0)
        static_cast<void>(what.get_as<events>(0).take());
    });
    n.home.name_actor("audit", audit.who());
    std::vector<member> guests;
    std::vector<member> subscribers;
    std::vector<subscription_ref> references;
    const auto any_of = [&](const std::vector<member>& all) { return all[below(all.size())]; };
    for (std::size_t round = 0; round < testing::repetitions(2000); ++round) {
      const value key = static_cast<int>(below(4));
      if (guests.size() < 4)
        guests.push_back(registry::as_member(n.system.spawn<guest>(seen, watched)));
      if (subscribers.empty())
        subscribers = {reader.who(), n.spawn_idle()};
      switch (below(12)) {
      case 0:
      case 1:
      case 2:
        static_cast<void>(watched.join(key, any_of(guests), list(static_cast<int>(round), any_of(guests))));
        break;
      case 3:
        static_cast<void>(watched.leave(key, any_of(guests)));
        break;
      case 4:
        static_cast<void>(watched.update_value(key, any_of(guests), list("new", any_of(guests))));
        break;
      case 5:
        if (auto start = watched.monitor(key, any_of(subscribers)))
          references.push_back(start.value().reference);
        break;
      case 6:
        if (auto start = watched.monitor_scope(any_of(subscribers)))
          references.push_back(start.value().reference);
        break;
      case 7:
        if (!references.empty()) {
          std::swap(references[below(references.size())], references.back());
          static_cast<void>(watched.demonitor(references.back()));
          references.pop_back();
        }
        break;
      case 8:
        static_cast<void>(watched.wait_for_key(key, std::chrono::milliseconds{0}));
        break;
      case 9:
        std::swap(guests[below(guests.size())], guests.back());
        registry::kill(guests.back());
        guests.pop_back();
        break;
      case 10: // a subscriber ends with unread events
        if (below(4) == 0) {
          registry::kill(subscribers.back());
          subscribers.back() = n.spawn_idle();
        }
        break;
      default:
        watched.flush();
      }
      if (below(500) == 0)
        registry::kill(watched.actor()); // a new one monitors all members again
    }
    for (const auto& who : guests)
      registry::kill(who);
    guests.clear();
    REQUIRE(n.home.close_scope("watched"));
  }
  CHECK(seen->calls > 10);
  CHECK(seen->under_a_lock == 0);
  CHECK(delivered->calls > 10);
  CHECK(delivered->under_a_lock == 0);
}

TEST_CASE("a companion may use the scope during a delivery", "[unlocked]") {
  one_node n;
  const auto ann = n.spawn_idle();
  std::vector<std::uint64_t> commits;
  companion reader(n.system, [&](const caf::message& what) {
    for (const auto& change : what.get_as<events>(0).take().changes)
      commits.push_back(change->commit);
    n.rooms.flush();
    static_cast<void>(n.rooms.wait_for_key("k", std::chrono::milliseconds{0}));
    std::thread([&] { static_cast<void>(n.rooms.snapshot()); }).join();
    std::thread([&] { static_cast<void>(n.rooms.monitor("other", ann)); }).join();
  });
  REQUIRE(n.rooms.monitor_scope(reader.who()));
  for (int i = 0; i < 3; ++i) {
    REQUIRE(n.rooms.join("k", ann, i));
    n.rooms.flush();
  }
  one_node::wait_until([&] {
    n.rooms.flush();
    return commits.size() == 3;
  });
  CHECK(commits == std::vector<std::uint64_t>{1, 2, 3});
}

} // namespace registry
