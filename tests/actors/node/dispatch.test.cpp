#include <node/clustered_node.hpp>

#include <registry/actor/handle.hpp>

#include <caf/event_based_actor.hpp>

#include <support/catch.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

namespace registry {

using testing::cluster_of;
using testing::clustered_node;
using testing::eventually;

namespace {

/// No number that a test sends.
constexpr std::int32_t mark = -1;

/// A member, and the numbers that it has received.
class listener {
public:
  explicit listener(clustered_node& home)
      : who(registry::as_member(home.system.spawn([all = received_](caf::event_based_actor*) -> caf::behavior {
          return {[all](std::int32_t x) {
            const std::lock_guard guard(all->lock);
            all->numbers.push_back(x);
          }};
        }))) {}

  [[nodiscard]] std::size_t count(std::int32_t x) const {
    const std::lock_guard guard(received_->lock);
    return static_cast<std::size_t>(std::count(received_->numbers.begin(), received_->numbers.end(), x));
  }
  /// Their number, without marks.
  [[nodiscard]] std::size_t total() const {
    const auto marks = count(mark);
    const std::lock_guard guard(received_->lock);
    return received_->numbers.size() - marks;
  }

private:
  struct record {
    std::mutex lock;
    std::vector<std::int32_t> numbers;
  };
  std::shared_ptr<record> received_ = std::make_shared<record>();

public:
  member who; // needs the record
};

/// Two nodes, each of which has some members under one key.
class two_crowds {
public:
  static constexpr std::size_t size = 3;

  two_crowds() {
    // On `a` the members that are remote come first in the order of the entries, on `b` those that are local.
    join(b);
    REQUIRE(eventually([&] { return a.rooms.count("crowd") == size; }));
    join(a);
    for (auto* node : {&a, &b})
      REQUIRE(eventually([&] { return node->rooms.count("crowd") == 2 * size && node->rooms.count("all") == 2 * size; }));
  }
  two_crowds(const two_crowds&) = delete;
  two_crowds& operator=(const two_crowds&) = delete;
  ~two_crowds() {
    for (const auto& one : listeners_)
      registry::kill(one.who);
  }

  /// Sends the numbers from 0 on, each to one member, and returns when they have arrived.
  void send(clustered_node& from, const dispatch_strategy& strategy, std::int32_t count) {
    for (std::int32_t i = 0; i < count; ++i)
      REQUIRE(from.rooms.dispatch("crowd", strategy, i) == 1);
    settle(from);
  }
  /// Returns when all messages from this node have arrived: nothing overtakes the mark after them.
  void settle(clustered_node& from) {
    REQUIRE(from.rooms.dispatch("all", dispatch_strategy::all(), mark) == 2 * size);
    ++marks_;
    for (const auto& one : listeners_)
      REQUIRE(eventually([&] { return one.count(mark) == marks_; }));
  }
  /// Removes the members of a node from the crowd.
  void leave(clustered_node& home) {
    for (const auto& one : of(home))
      REQUIRE(home.rooms.leave("crowd", one->who));
    for (auto* node : {&a, &b})
      REQUIRE(eventually([&] { return node->rooms.count("crowd") == size; }));
  }
  /// The members of a node.
  [[nodiscard]] std::vector<const listener*> of(const clustered_node& home) const {
    std::vector<const listener*> out;
    for (const auto& one : listeners_) {
      if (one.who->node() == home.system.node())
        out.push_back(&one);
    }
    return out;
  }
  [[nodiscard]] const std::vector<listener>& listeners() const noexcept { return listeners_; }

private:
  void join(clustered_node& home) {
    for (std::size_t i = 0; i < size; ++i) {
      listeners_.emplace_back(home);
      REQUIRE(home.rooms.join("crowd", listeners_.back().who));
      REQUIRE(home.rooms.join("all", listeners_.back().who));
    }
  }

  std::vector<std::unique_ptr<clustered_node>> nodes_ = cluster_of(2);
  std::vector<listener> listeners_;
  std::size_t marks_ = 0;

public:
  clustered_node& a = *nodes_[0];
  clustered_node& b = *nodes_[1];
};

std::size_t total_of(const std::vector<const listener*>& some) {
  std::size_t out = 0;
  for (const auto* one : some)
    out += one->total();
  return out;
}

} // namespace

TEST_CASE("a dispatch to all reaches each member on each node once", "[mesh][dispatch]") {
  const auto nodes = cluster_of(3);
  constexpr std::size_t size = 20;
  std::vector<listener> all;
  for (const auto& node : nodes) {
    for (std::size_t i = 0; i < size; ++i) {
      all.emplace_back(*node);
      REQUIRE(node->rooms.join("crowd", all.back().who));
    }
  }
  REQUIRE(eventually([&] { return nodes[0]->rooms.count("crowd") == 3 * size; }));
  for (const std::int32_t x : {7, mark})
    CHECK(nodes[0]->rooms.dispatch("crowd", dispatch_strategy::all(), x) == 3 * size);
  for (const auto& one : all) {
    CHECK(eventually([&] { return one.count(mark) == 1; }));
    CHECK(one.count(7) == 1);
    registry::kill(one.who);
  }
}

TEST_CASE("local_first sends to members on this node only while there are any, to each of them", "[mesh][dispatch]") {
  two_crowds n;
  auto* home = GENERATE(true, false) ? &n.a : &n.b;
  n.send(*home, dispatch_strategy::local_first(), 600);
  CHECK(total_of(n.of(*home)) == 600);
  CHECK(total_of(n.of(home == &n.a ? n.b : n.a)) == 0);
  // Each of three expects 200. By Bernstein's inequality one is farther off than 120 with a probability below 1e-17.
  for (const auto* one : n.of(*home)) {
    CHECK(one->total() > 80);
    CHECK(one->total() < 320);
  }
}

TEST_CASE("local_first sends to members elsewhere when there is none on this node, to each of them", "[mesh][dispatch]") {
  two_crowds n;
  n.leave(n.a);
  n.send(n.a, dispatch_strategy::local_first(), 600);
  CHECK(total_of(n.of(n.a)) == 0);
  CHECK(total_of(n.of(n.b)) == 600);
  for (const auto* one : n.of(n.b)) { // the same bounds as above
    CHECK(one->total() > 80);
    CHECK(one->total() < 320);
  }
}

TEST_CASE("random sends to members on all nodes with the same probability", "[mesh][dispatch]") {
  two_crowds n;
  n.send(n.a, dispatch_strategy::random(), 1200);
  std::size_t sum = 0;
  // Each of six expects 200. By Bernstein's inequality one is farther off than 130 with a probability below 1e-16.
  for (const auto& one : n.listeners()) {
    sum += one.total();
    CHECK(one.total() > 70);
    CHECK(one.total() < 330);
  }
  CHECK(sum == 1200);
}

TEST_CASE("round robin takes turns among members on all nodes", "[mesh][dispatch]") {
  two_crowds n;
  n.send(n.a, dispatch_strategy::round_robin(), 60);
  for (const auto& one : n.listeners())
    CHECK(one.total() == 10);
}

TEST_CASE("rendezvous sends a key to the same member from every node", "[mesh][dispatch]") {
  two_crowds n;
  constexpr std::int32_t keys = 300;
  for (auto* from : {&n.a, &n.b}) {
    for (std::int32_t key = 0; key < keys; ++key)
      REQUIRE(from->rooms.dispatch("crowd", dispatch_strategy::rendezvous(key), key) == 1);
    n.settle(*from);
  }
  std::size_t owners = 0;
  for (const auto& one : n.listeners()) {
    owners += one.total() > 0 ? 1 : 0;
    for (std::int32_t key = 0; key < keys; ++key) {
      CAPTURE(key);
      REQUIRE((one.count(key) == 0 || one.count(key) == 2));
    }
  }
  CHECK(owners == 2 * two_crowds::size); // one has none with a probability below 1e-22
}

} // namespace registry
