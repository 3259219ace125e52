#include <stress/amount.hpp>
#include <stress/fold.hpp>

#include <registry/actor/handle.hpp>

#include <node/clustered_node.hpp>

#include <support/allocation.hpp>
#include <support/catch.hpp>
#include <support/seed.hpp>
#include <support/waiting.hpp>

#include <caf/after.hpp>
#include <caf/event_based_actor.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <iostream>
#include <map>
#include <memory>
#include <random>
#include <thread>
#include <vector>

// Everything at once and at full speed, for a few seconds or, with REGISTRY_STRESS=full, for half an hour.

namespace registry {

using testing::clustered_node;
using testing::fold;

namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t key_count = 200;

/// Makes actors, registers them, and ends them; the only one who does anything with them. So it knows what must be there.
class churner {
public:
  churner(clustered_node& home, std::uint64_t seed) : system_(home.system), where_(home.rooms), random_(seed) {}
  ~churner() {
    for (const auto& x : visitors_)
      registry::kill(x.who);
  }
  churner(const churner&) = delete;
  churner& operator=(const churner&) = delete;

  void step() {
    const auto dice = below(100);
    if (visitors_.size() < 50 || (dice < 10 && visitors_.size() < 400))
      visitors_.push_back({registry::as_member(system_.spawn(
                               [](caf::event_based_actor*) -> caf::behavior { return {[](std::int32_t) {}}; })),
                           {}});
    auto& x = visitors_[below(visitors_.size())];
    const auto number = static_cast<std::int64_t>(below(key_count));
    const auto data = static_cast<std::int64_t>(below(1000));
    auto& held = x.entries[number];
    if (dice < 45) {
      ok(where_.join(number, x.who, data));
      held.push_back(data);
    } else if (dice < 65) {
      ok(where_.leave(number, x.who), held.empty());
      if (!held.empty())
        held.pop_back();
    } else if (dice < 85) {
      ok(where_.update_value(number, x.who, data), held.empty());
      std::fill(held.begin(), held.end(), data);
    } else if (dice < 88) {
      ok(where_.leave_all(x.who));
      x.entries.clear();
    } else {
      registry::kill(x.who);
      x = std::move(visitors_.back());
      visitors_.pop_back();
    }
    ++steps;
  }

  /// Whether a node has exactly what there must be.
  [[nodiscard]] bool is_right(const scope& there) const {
    for (const auto& x : visitors_) {
      for (const auto& [key, expected] : x.entries) {
        std::vector<std::int64_t> found;
        for (const auto& one : there.lookup(key)) {
          if (same_member(one.who, x.who))
            found.push_back(one.data.as_integer().value_or(-1));
        }
        if (found != expected)
          return false;
      }
    }
    return true;
  }
  [[nodiscard]] std::size_t entries() const {
    std::size_t out = 0;
    for (const auto& x : visitors_) {
      for (const auto& [key, held] : x.entries)
        out += held.size();
    }
    return out;
  }

  std::size_t steps = 0;
  std::size_t refused = 0;

private:
  struct visitor {
    member who;
    std::map<std::int64_t, std::vector<std::int64_t>> entries;
  };

  std::size_t below(std::size_t bound) { return std::uniform_int_distribution<std::size_t>{0, bound - 1}(random_); }
  template <class Result>
  void ok(const Result& x, bool may_fail = false) {
    refused += !x && !may_fail ? 1 : 0;
  }

  caf::actor_system& system_;
  scope where_;
  std::mt19937_64 random_;
  std::vector<visitor> visitors_;
};

/// Subscribes and unsubscribes, and folds what it is told.
class follower {
public:
  follower(clustered_node& home, std::uint64_t seed, const std::atomic<bool>& done)
      : system_(home.system), where_(home.rooms), random_(seed), done_(done), thread_([this] { run(); }) {}
  ~follower() { join(); }
  follower(const follower&) = delete;
  follower& operator=(const follower&) = delete;

  void join() {
    if (thread_.joinable())
      thread_.join();
  }

  std::size_t events = 0;
  std::size_t mismatches = 0;

private:
  void run() {
    caf::scoped_actor self{system_};
    for (bool last = false; !last;) {
      last = done_;
      const auto start = where_.monitor_scope(self);
      fold known{start.value()};
      for (auto left = random_() % 50'000 + 1; left > 0 && (!done_ || last);) {
        const auto seen = take(self, known);
        left -= std::min<std::uint64_t>(left, seen);
        if (last && seen == 0)
          break;
      }
      if (last) {
        where_.flush();
        while (take(self, known) > 0) {
        }
        mismatches += known.equals(where_) ? 0 : 1;
      }
      mismatches += where_.demonitor(start.value().reference) ? 0 : 1;
      mismatches += take(self, known) > 0 ? 1 : 0; // after the end of the subscription
    }
  }

  std::size_t take(caf::scoped_actor& self, fold& known) {
    std::size_t seen = 0;
    self->receive(
        [&](const registry::events& pending) {
          const auto batch = pending.take();
          if (batch.lagged)
            known = fold{*batch.lagged};
          for (const auto& x : batch.changes)
            mismatches += known.apply(*x) ? 0 : 1;
          seen = batch.changes.size() + (batch.lagged ? 1 : 0);
        },
        caf::after(1ms) >> [] {});
    events += seen;
    return seen;
  }

  caf::actor_system& system_;
  scope where_;
  std::mt19937_64 random_;
  const std::atomic<bool>& done_;
  std::thread thread_;
};

std::size_t median(std::vector<std::size_t> x) {
  std::nth_element(x.begin(), x.begin() + static_cast<std::ptrdiff_t>(x.size() / 2), x.end());
  return x[x.size() / 2];
}

/// Whether the second half of these amounts is about what the first one is.
bool is_flat(const std::vector<std::size_t>& amounts) {
  constexpr std::size_t noise = std::size_t{8} << 20;
  const auto middle = amounts.begin() + static_cast<std::ptrdiff_t>(amounts.size() / 2);
  return median({middle, amounts.end()}) < median({amounts.begin(), middle}) * 5 / 4 + noise;
}

void soak(std::size_t size, std::uint64_t seed) {
  const std::chrono::milliseconds duration{testing::amount<int>(3'000, 1'800'000)};
  auto nodes = testing::cluster_of(size);
  std::atomic<bool> over{false};
  std::atomic<bool> settled{false};
  std::vector<std::unique_ptr<churner>> churners;
  std::vector<std::unique_ptr<follower>> followers;
  for (auto& x : nodes) {
    for (int i = 0; i < 2; ++i) {
      churners.push_back(std::make_unique<churner>(*x, ++seed));
      followers.push_back(std::make_unique<follower>(*x, ++seed, settled));
    }
  }
  std::vector<std::size_t> amounts;
  std::size_t crashes = 0;
  {
    std::vector<std::jthread> threads;
    for (auto& x : churners)
      threads.emplace_back([&over, &x] {
        while (!over)
          x->step();
      });
    caf::scoped_actor clock{nodes[0]->system};
    const auto end = std::chrono::steady_clock::now() + duration;
    while (std::chrono::steady_clock::now() < end) {
      clock->receive(caf::after(50ms) >> [] {});
      if (std::chrono::steady_clock::now() > end - duration * 4 / 5) // after a while
        amounts.push_back(testing::allocated_bytes());
      registry::kill(registry::as_member(nodes[++crashes % nodes.size()]->rooms.actor()));
    }
    over = true;
  }
  std::size_t expected = 0;
  for (const auto& x : churners)
    expected += x->entries();
  for (auto& there : nodes) {
    CHECK(testing::eventually([&] { return there->rooms.count() == expected; }));
    for (const auto& x : churners)
      CHECK(testing::eventually([&] { return x->is_right(there->rooms); }));
  }
  settled = true;
  std::size_t events = 0;
  for (auto& x : followers) {
    x->join();
    CHECK(x->mismatches == 0);
    events += x->events;
  }
  std::size_t steps = 0;
  for (const auto& x : churners) {
    CHECK(x->refused == 0);
    steps += x->steps;
  }
  constexpr std::size_t enough = std::size_t{64} << 20;
  CHECK(testing::eventually([&] { return testing::allocated_bytes() < size * enough; }));
  if (testing::amount(false, true)) // the short form ends before all that is bounded is full
    CHECK(is_flat(amounts));
  std::cout << "nodes " << size << ", changes " << steps << ", crashes " << crashes << ", events " << events << ", entries "
            << expected << ", bytes " << amounts.front() << " .. " << amounts.back() << ", at rest "
            << testing::allocated_bytes() << '\n';
}

} // namespace

TEST_CASE("one node stays right and small, whatever its applications do", "[stress][soak]") {
  const auto seed = testing::seed();
  CAPTURE(seed);
  soak(1, seed);
}

TEST_CASE("three nodes stay right and small, whatever their applications do", "[stress][soak]") {
  const auto seed = testing::seed();
  CAPTURE(seed);
  soak(3, seed);
}

} // namespace registry
