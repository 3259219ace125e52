#include <support/fixture.hpp>

#include <caf/after.hpp>

#include <support/catch.hpp>

#include <algorithm>
#include <map>
#include <thread>

namespace registry {

using testing::one_node;
using testing::summary;

namespace {

std::vector<std::string> summaries(const std::vector<event_ptr>& events) {
  std::vector<std::string> out;
  for (const auto& x : events)
    out.push_back(summary(*x));
  return out;
}

} // namespace

TEST_CASE("a subscription starts with a snapshot and continues with every later change", "[subscriptions]") {
  one_node n;
  const auto ann = n.spawn_idle();
  REQUIRE(n.rooms.join("a", ann, 1));
  const auto start = n.rooms.monitor_scope(n.self);
  REQUIRE(start);
  CHECK(start.value().commit == 1);
  CHECK(start.value().snapshot.size() == 1);
  REQUIRE(n.rooms.join("b", ann, 2));
  REQUIRE(n.rooms.update_value("a", ann, 3));
  REQUIRE(n.rooms.leave("b", ann));
  n.rooms.flush();
  const auto seen = n.taken_events();
  CHECK(summaries(seen) ==
        std::vector<std::string>{"join \"b\" [2] explicit", "update \"a\" [1 -> 3] explicit", "leave \"b\" [2] explicit"});
  for (std::size_t i = 0; i < seen.size(); ++i)
    CHECK(seen[i]->commit == 2 + i);
}

TEST_CASE("a subscription to a key sees that key only", "[subscriptions]") {
  one_node n;
  const auto ann = n.spawn_idle();
  REQUIRE(n.rooms.join("a", ann, 1));
  const auto start = n.rooms.monitor("a", n.self);
  REQUIRE(start);
  REQUIRE(start.value().entries.size() == 1);
  CHECK(start.value().entries[0].data == value{1});
  REQUIRE(n.rooms.join("b", ann, 2));
  REQUIRE(n.rooms.join("a", ann, 3));
  n.rooms.flush();
  CHECK(summaries(n.taken_events()) == std::vector<std::string>{"join \"a\" [3] explicit"});
}

TEST_CASE("an exit gives one leave event per key, the latest entry first", "[subscriptions]") {
  one_node n;
  const auto ann = n.spawn_idle();
  REQUIRE(n.rooms.join("a", ann, 1));
  REQUIRE(n.rooms.join("a", ann, 2));
  REQUIRE(n.rooms.join("b", ann, 3));
  REQUIRE(n.rooms.monitor_scope(n.self));
  n.end_and_wait(ann, n.rooms);
  auto seen = summaries(n.taken_events());
  std::sort(seen.begin(), seen.end());
  CHECK(seen == std::vector<std::string>{"leave \"a\" [2, 1] down", "leave \"b\" [3] down"});
}

TEST_CASE("an event identifies its entries", "[subscriptions]") {
  one_node n;
  const auto ann = n.spawn_idle();
  REQUIRE(n.rooms.monitor_scope(n.self));
  REQUIRE(n.rooms.join("a", ann, 1));
  const auto id = n.rooms.lookup("a")[0].id();
  REQUIRE(n.rooms.update_value("a", ann, 2));
  REQUIRE(n.rooms.leave("a", ann));
  n.rooms.flush();
  const auto seen = n.taken_events();
  REQUIRE(seen.size() == 3);
  for (const auto& x : seen) {
    REQUIRE(x->entries.size() == 1);
    CHECK(x->entries[0].id == id);
    CHECK(x->entries[0].who == ann);
  }
}

TEST_CASE("the queue of a subscriber that does not read is bounded in bytes", "[subscriptions]") {
  one_node n;
  const auto ann = n.spawn_idle();
  const value large{std::string(std::size_t{20} << 20, 'x')};
  REQUIRE(n.rooms.join("a", ann, 1));
  REQUIRE(n.rooms.monitor_scope(n.self));
  const auto update = [&](int times) {
    for (int i = 0; i < times; ++i)
      REQUIRE(n.rooms.update_value("a", ann, large));
    n.rooms.flush();
  };
  const auto take = [&] {
    event_batch out;
    n.self->receive([&](const events& pending) { out = pending.take(); });
    return out;
  };
  update(5);
  CHECK(take().changes.size() == 5);
  update(8);
  const auto after_much = take();
  CHECK(after_much.changes.empty());
  REQUIRE(after_much.lagged);
  CHECK(identical(after_much.lagged->snapshot.find("a")[0].data, large));
  update(1);
  CHECK(take().changes.size() == 1);
}

TEST_CASE("the queue of a subscriber is bounded in bytes even for many members without values", "[subscriptions]") {
  one_node n;
  const std::vector<member> many(4'000, n.spawn_idle());
  REQUIRE(n.rooms.monitor_scope(n.self));
  const auto restarted_after = [&](int rounds) {
    for (int i = 0; i < rounds; ++i) {
      REQUIRE(n.rooms.join("a", many));
      REQUIRE(n.rooms.leave("a", many));
    }
    n.rooms.flush();
    bool restarted = false;
    n.self->receive([&](const events& pending) { restarted = pending.take().lagged.has_value(); });
    return restarted;
  };
  CHECK_FALSE(restarted_after(200)); // 90 MB
  CHECK(restarted_after(400));
}

TEST_CASE("an update to an equal value is an event, too", "[subscriptions]") {
  one_node n;
  const auto ann = n.spawn_idle();
  REQUIRE(n.rooms.join("a", ann, 1));
  REQUIRE(n.rooms.monitor("a", n.self));
  REQUIRE(n.rooms.update_value("a", ann, 1));
  n.rooms.flush();
  CHECK(summaries(n.taken_events()) == std::vector<std::string>{"update \"a\" [1 -> 1] explicit"});
}

TEST_CASE("after demonitor nothing arrives for the reference, not even messages in transit", "[subscriptions]") {
  one_node n;
  const auto ann = n.spawn_idle();
  const auto start = n.rooms.monitor_scope(n.self);
  REQUIRE(start);
  REQUIRE(n.rooms.join("a", ann));
  n.rooms.flush(); // the message is in the mailbox now
  REQUIRE(n.rooms.demonitor(start.value().reference));
  REQUIRE(n.rooms.join("b", ann));
  n.rooms.flush();
  CHECK(n.taken_events().empty());
  CHECK(n.rooms.demonitor(start.value().reference).error() == errc::unknown_reference);
  CHECK(n.rooms.demonitor({}).error() == errc::unknown_reference);
}

TEST_CASE("a reference belongs to its scope", "[subscriptions]") {
  one_node n;
  const auto start = n.rooms.monitor_scope(n.self);
  REQUIRE(start);
  CHECK(n.names.demonitor(start.value().reference).error() == errc::unknown_reference);
  CHECK(n.rooms.demonitor(start.value().reference));
}

TEST_CASE("one actor can hold several subscriptions, each exact", "[subscriptions]") {
  one_node n;
  const auto ann = n.spawn_idle();
  const auto first = n.rooms.monitor("a", n.self);
  REQUIRE(n.rooms.join("a", ann, 1));
  const auto second = n.rooms.monitor_scope(n.self);
  REQUIRE(n.rooms.join("a", ann, 2));
  n.rooms.flush();
  std::map<subscription_ref, std::vector<std::string>> seen;
  for (bool more = true; more;) {
    n.self->receive(
        [&](const events& pending) {
          for (const auto& x : pending.take().changes)
            seen[pending.reference()].push_back(summary(*x));
        },
        caf::after(std::chrono::seconds{0}) >> [&] { more = false; });
  }
  CHECK(seen[first.value().reference] == std::vector<std::string>{"join \"a\" [1] explicit", "join \"a\" [2] explicit"});
  CHECK(seen[second.value().reference] == std::vector<std::string>{"join \"a\" [2] explicit"});
}

TEST_CASE("a subscriber that does not read is made to start over, the others are not", "[subscriptions]") {
  one_node n;
  scope_options options;
  options.name = "small";
  options.subscription_limit = 10;
  auto small = n.home.open_scope(options).value();
  const auto ann = n.spawn_idle();
  caf::scoped_actor reader{n.system};
  REQUIRE(small.monitor_scope(n.self));
  REQUIRE(small.monitor_scope(reader));
  std::size_t read = 0;
  for (int i = 0; i < 100; ++i) {
    REQUIRE(small.join(i, ann, i));
    small.flush();
    reader->receive([&](const events& pending) { read += pending.take().changes.size(); });
  }
  CHECK(read == 100);
  auto batches = n.taken_batches();
  REQUIRE(batches.size() == 1);
  REQUIRE(batches[0].lagged);
  CHECK(batches[0].changes.empty());
  CHECK(batches[0].lagged->snapshot.size() == 100);
  CHECK(batches[0].lagged->commit == 100);
  // From here on it is exact again.
  REQUIRE(small.join("next", ann));
  small.flush();
  const auto seen = n.taken_events();
  REQUIRE(seen.size() == 1);
  CHECK(seen[0]->commit == 101);
}

TEST_CASE("a subscriber that lagged on one key starts over with that key", "[subscriptions]") {
  one_node n;
  scope_options options;
  options.name = "small";
  options.subscription_limit = 3;
  auto small = n.home.open_scope(options).value();
  const auto ann = n.spawn_idle();
  REQUIRE(small.monitor("a", n.self));
  for (int i = 0; i < 10; ++i)
    REQUIRE(small.join("a", ann, i));
  REQUIRE(small.join("b", ann));
  small.flush();
  const auto batches = n.taken_batches();
  REQUIRE(batches.size() == 1);
  REQUIRE(batches[0].lagged);
  CHECK(batches[0].lagged->entries.size() == 10);
}

TEST_CASE("a subscriber that terminates is forgotten", "[subscriptions]") {
  one_node n;
  const auto watcher = n.spawn_idle();
  const auto start = n.rooms.monitor_scope(watcher);
  REQUIRE(start);
  REQUIRE(n.rooms.join("k", watcher));
  n.end_and_wait(watcher, n.rooms);
  // The scope is about to forget it, and takes a request after that.
  CHECK(n.refused<void>(n.rooms, demonitor_request{start.value().reference.number}) == errc::unknown_reference);
}

TEST_CASE("subscribing an invalid actor is refused", "[subscriptions]") {
  one_node n;
  CHECK(n.rooms.monitor("k", member{}).error() == errc::invalid_actor);
  CHECK(n.rooms.monitor_scope(caf::actor{}).error() == errc::invalid_actor);
}

TEST_CASE("writers help when the log is full, and nothing is lost", "[subscriptions]") {
  one_node n;
  scope_options options;
  options.name = "tiny";
  options.log_capacity = 2;
  auto tiny = n.home.open_scope(options).value();
  REQUIRE(tiny.monitor_scope(n.self));
  const auto ann = n.spawn_idle();
  std::vector<std::thread> writers;
  for (int w = 0; w < 4; ++w) {
    writers.emplace_back([&tiny, &ann, w] {
      for (int i = 0; i < 500; ++i)
        static_cast<void>(tiny.join(list(w, i), ann));
    });
  }
  for (auto& writer : writers)
    writer.join();
  tiny.flush();
  const auto seen = n.taken_events();
  REQUIRE(seen.size() == 2000);
  for (std::size_t i = 0; i < seen.size(); ++i)
    CHECK(seen[i]->commit == i + 1);
}

} // namespace registry
