#include <stress/amount.hpp>
#include <stress/fold.hpp>
#include <support/fixture.hpp>
#include <support/seed.hpp>

#include <caf/after.hpp>

#include <support/catch.hpp>

#include <algorithm>
#include <atomic>
#include <iostream>
#include <latch>
#include <memory>
#include <mutex>
#include <random>
#include <thread>
#include <unordered_map>
#include <vector>

namespace registry {

using testing::fold;
using testing::one_node;

namespace {

/// Random changes of a scope, made through its handle. Keeps the digest of what `lookup` gives after each.
class writer {
public:
  writer(one_node& n, scope where, std::uint64_t seed) : where_(std::move(where)), random_(seed) {
    for (int i = 0; i < 12; ++i)
      members_.push_back(n.spawn_idle());
  }

  /// The keys that the next change may touch are looked up before and after it.
  void step() {
    const auto& who = members_[below(members_.size())];
    const value key{static_cast<std::int64_t>(below(40))};
    const value data{static_cast<std::int64_t>(below(5))};
    const auto kind = below(100);
    std::vector<value> touched{key};
    if (kind == 0)
      touched = where_.keys(who);
    const auto before = sum(touched);
    if (kind == 0)
      static_cast<void>(where_.leave_all(who));
    else if (kind < 35)
      static_cast<void>(where_.join(key, who, data));
    else if (kind < 45)
      static_cast<void>(where_.join(key, std::vector<member>{who, members_[below(members_.size())], who}, data));
    else if (kind < 75)
      static_cast<void>(where_.leave(key, std::vector<member>{who, who}));
    else if (kind < 95)
      static_cast<void>(where_.update_value(key, who, data));
    else if (kind < 98)
      static_cast<void>(where_.unregister_match(key, who, "$1 when $1 > 2"));
    else
      static_cast<void>(where_.unregister_name(key));
    digest_ += sum(touched) - before;
  }

  [[nodiscard]] std::uint64_t digest() const { return digest_; }

private:
  std::size_t below(std::size_t bound) { return std::uniform_int_distribution<std::size_t>{0, bound - 1}(random_); }
  std::uint64_t sum(const std::vector<value>& keys) const {
    std::uint64_t out = 0;
    for (const auto& key : keys)
      out += testing::digest(key, where_.lookup(key));
    return out;
  }

  scope where_;
  std::mt19937_64 random_;
  std::vector<member> members_;
  std::uint64_t digest_ = 0;
};

struct observation {
  std::uint64_t commit;
  std::uint64_t digest;
};

/// Subscribes, follows for a while, ends the subscription, and again, until the writer is done. Has begun when it is constructed.
class resubscriber {
public:
  resubscriber(one_node& n, scope where, std::uint64_t seed, const std::atomic<bool>& done)
      : system_(n.system), where_(std::move(where)), random_(seed), done_(done), thread_([this] { run(); }) {
    begun_.wait();
  }

  void join() { thread_.join(); }

  std::vector<observation> observations;
  std::size_t subscriptions = 0;
  std::size_t mismatches = 0;

private:
  void run() {
    caf::scoped_actor self{system_};
    bool last = false;
    while (!last) {
      last = done_;
      auto start = where_.monitor_scope(self);
      if (++subscriptions == 1)
        begun_.count_down();
      fold known{start.value()};
      observations.push_back({known.commit(), known.digest()});
      for (auto events = random_() % 20'000 + 1; events > 0;) {
        const auto seen = follow(self, known);
        events -= std::min<std::uint64_t>(events, seen);
        if (seen == 0 && done_)
          break;
      }
      if (last) {
        where_.flush();
        while (follow(self, known) > 0) {
        }
        if (!known.equals(where_))
          ++mismatches;
      }
      if (!where_.demonitor(start.value().reference))
        ++mismatches;
      if (follow(self, known) > 0)
        ++mismatches; // an event after the end of the subscription
    }
  }

  std::size_t follow(caf::scoped_actor& self, fold& known) {
    std::size_t seen = 0;
    self->receive(
        [&](const events& pending) {
          const auto batch = pending.take();
          if (batch.lagged)
            known = fold{*batch.lagged};
          for (const auto& x : batch.changes) {
            if (!known.apply(*x))
              ++mismatches;
            observations.push_back({known.commit(), known.digest()});
            ++seen;
          }
        },
        caf::after(std::chrono::milliseconds{1}) >> [] {});
    return seen;
  }

  caf::actor_system& system_;
  scope where_;
  std::mt19937_64 random_;
  const std::atomic<bool>& done_;
  std::latch begun_{1};
  std::thread thread_;
};

} // namespace

TEST_CASE("the folded events of every subscriber are what lookup gives, at every commit", "[stress]") {
  const auto seed = testing::seed();
  CAPTURE(seed);
  const auto operations = testing::amount<std::size_t>(20'000, 1'000'000);
  one_node n;
  std::atomic<bool> done{false};
  std::vector<std::unique_ptr<resubscriber>> followers;
  // The reference: what lookup gave after each operation, by its commit.
  std::unordered_map<std::uint64_t, std::uint64_t> reference;
  {
    writer changes{n, n.rooms, seed};
    for (std::uint64_t i = 0; i < 4; ++i)
      followers.push_back(std::make_unique<resubscriber>(n, n.rooms, seed + i, done));
    caf::scoped_actor probe{n.system};
    for (std::size_t i = 0; i < operations; ++i) {
      changes.step();
      if (i % 64 == 0) {
        // A subscription tells the number of the last commit, which the handle does not.
        const auto here = n.rooms.monitor("probe", probe);
        reference.emplace(here.value().commit, changes.digest());
        REQUIRE(n.rooms.demonitor(here.value().reference));
      }
    }
    done = true;
  }
  std::size_t compared = 0;
  std::size_t wrong = 0;
  for (auto& one : followers) {
    one->join();
    CHECK(one->mismatches == 0);
    for (const auto& [commit, digest] : one->observations) {
      const auto found = reference.find(commit);
      if (found == reference.end())
        continue;
      ++compared;
      if (found->second != digest)
        ++wrong;
    }
    std::cout << "subscriptions " << one->subscriptions << ", events " << one->observations.size() << '\n';
  }
  std::cout << "operations " << operations << ", folds compared with lookup " << compared << ", wrong " << wrong << '\n';
  CHECK(wrong == 0);
  CHECK(compared > followers.size());
}

TEST_CASE("several writers, exits and restarts leave every fold exact", "[stress]") {
  const auto seed = testing::seed();
  CAPTURE(seed);
  one_node n;
  std::atomic<bool> done{false};
  std::vector<std::unique_ptr<resubscriber>> followers;
  for (std::uint64_t i = 0; i < 3; ++i)
    followers.push_back(std::make_unique<resubscriber>(n, n.rooms, seed + i, done));
  std::vector<std::thread> writers;
  const auto rounds = testing::amount<std::size_t>(3'000, 100'000);
  std::vector<std::unique_ptr<writer>> changes;
  for (std::uint64_t w = 0; w < 3; ++w)
    changes.push_back(std::make_unique<writer>(n, n.rooms, seed + 100 + w));
  for (auto& one : changes) {
    writers.emplace_back([&one, rounds] {
      for (std::size_t i = 0; i < rounds; ++i)
        one->step();
    });
  }
  for (std::size_t i = 0; i < rounds / 20; ++i) {
    const auto visitor = n.spawn_idle();
    REQUIRE(n.rooms.join("visitors", visitor));
    registry::kill(visitor);
    if (i % 20 == 0)
      registry::kill(n.rooms.actor());
  }
  for (auto& one : writers)
    one.join();
  one_node::wait_until([&] { return n.rooms.count("visitors") == 0; });
  done = true;
  for (auto& one : followers) {
    one->join();
    CHECK(one->mismatches == 0);
  }
}

} // namespace registry
