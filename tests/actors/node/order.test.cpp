// What is dispatched to another node does not arrive before the changes before it.

#include <node/clustered_node.hpp>

#include <registry/actor/handle.hpp>

#include <caf/event_based_actor.hpp>

#include <support/catch.hpp>
#include <support/effort.hpp>

#include <atomic>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace registry {

using testing::cluster_of;
using testing::clustered_node;
using testing::eventually;

namespace {

/// A member of a node that looks up each key it is told, and remembers those that are not there.
class checker {
public:
  explicit checker(clustered_node& home)
      : who(registry::as_member(
            home.system.spawn([rooms = home.rooms, into = seen_](caf::event_based_actor*) -> caf::behavior {
              return {[rooms, into](const std::string& key) {
                const auto found = rooms.count(key);
                const std::lock_guard guard(into->lock);
                into->keys.push_back(key);
                into->missing += found == 0 ? 1 : 0;
              }};
            }))) {}
  checker(const checker&) = delete;
  checker& operator=(const checker&) = delete;
  ~checker() { registry::kill(who); }

  [[nodiscard]] std::vector<std::string> keys() const {
    const std::lock_guard guard(seen_->lock);
    return seen_->keys;
  }
  [[nodiscard]] std::size_t missing() const {
    const std::lock_guard guard(seen_->lock);
    return seen_->missing;
  }

private:
  struct sight {
    std::mutex lock;
    std::vector<std::string> keys;
    std::size_t missing = 0;
  };
  std::shared_ptr<sight> seen_ = std::make_shared<sight>();

public:
  const member who; // needs what it has seen
};

struct two_nodes {
  two_nodes() {
    REQUIRE(b.rooms.join("checkers", there.who));
    REQUIRE(eventually([&] { return a.rooms.count("checkers") == 1; }));
  }

  /// Joins a key on one node and tells its name to the member on the other, in one thread.
  void join_and_tell(const std::string& key, const value& data = {}) {
    REQUIRE(a.rooms.join(key, own, data));
    REQUIRE(a.rooms.dispatch("checkers", dispatch_strategy::all(), key) == 1);
    told.push_back(key);
  }
  void check() const {
    REQUIRE(eventually([&] { return there.keys().size() == told.size(); }));
    CHECK(there.missing() == 0);
    CHECK(there.keys() == told);
  }

  std::vector<std::unique_ptr<clustered_node>> nodes = cluster_of(2);
  clustered_node& a = *nodes[0];
  clustered_node& b = *nodes[1];
  const member own = a.spawn_idle();
  checker there{b};
  std::vector<std::string> told;
};

} // namespace

TEST_CASE("a dispatch to another node does not arrive before a small change before it", "[mesh][dispatch]") {
  two_nodes n;
  for (auto left = testing::repetitions(500); left > 0; --left)
    n.join_and_tell("k" + std::to_string(left));
  n.check();
}

TEST_CASE("a dispatch to another node does not arrive before a large change before it", "[mesh][dispatch]") {
  two_nodes n;
  const std::string large(std::size_t{8} << 20, 'x');
  for (const auto* key : {"first", "second", "third"}) {
    n.join_and_tell(key, large);
    n.join_and_tell(std::string{"behind the "} + key);
  }
  n.check();
}

TEST_CASE("a dispatch to another node does not arrive before what it gets as a snapshot", "[mesh][dispatch]") {
  two_nodes n;
  // The scope is opened again, so that the other node gets all of it at once, and installs it in steps.
  std::vector<std::string> keys;
  for (int i = 0; i < 6'000; ++i)
    keys.push_back("k" + std::to_string(i));
  auto halls = n.a.home.open_scope("halls").value();
  for (const auto& key : keys)
    REQUIRE(halls.join(key, n.own));
  auto there = n.b.home.open_scope("halls").value();
  std::atomic<std::size_t> found{0};
  const auto counting = registry::as_member(n.b.system.spawn([&, there](caf::event_based_actor*) -> caf::behavior {
    return {[&, there](const std::string&) { found = there.count(); }};
  }));
  REQUIRE(there.join("counters", counting));
  REQUIRE(eventually([&] { return halls.dispatch("counters", dispatch_strategy::all(), std::string{"count"}) == 1; }));
  CHECK(eventually([&] { return found != 0; }));
  CHECK(found == keys.size() + 1);
  registry::kill(counting);
}

} // namespace registry
