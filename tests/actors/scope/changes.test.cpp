#include <support/fake_member.hpp>
#include <support/fixture.hpp>
#include <support/waiting.hpp>

#include <caf/actor_registry.hpp>
#include <caf/event_based_actor.hpp>

#include <support/catch.hpp>

#include <atomic>
#include <thread>

namespace registry {

using testing::one_node;

TEST_CASE("a joined member is found at once, in join order, with its value", "[scope]") {
  one_node n;
  const auto ann = n.spawn_idle();
  const auto bob = n.spawn_idle();
  REQUIRE(n.rooms.join("lobby", ann, "first"));
  REQUIRE(n.rooms.join("lobby", bob));
  REQUIRE(n.rooms.join("lobby", ann, "second"));
  const auto entries = n.rooms.lookup("lobby");
  REQUIRE(entries.size() == 3);
  CHECK(entries[0].who == ann);
  CHECK(entries[0].data == value{"first"});
  CHECK(entries[1].who == bob);
  CHECK(entries[1].data.is_null());
  CHECK(entries[2].who == ann);
  CHECK(entries[0].id() != entries[2].id());
}

TEST_CASE("any handle and a pointer to an actor can join", "[scope]") {
  one_node n;
  const auto idle = n.spawn_idle();
  CHECK(n.rooms.join("k", caf::actor_cast<caf::actor>(idle)));
  CHECK(n.rooms.join("k", n.rooms.actor()));
  CHECK(n.rooms.join("k", n.self));
  CHECK(n.rooms.count("k") == 3);
  REQUIRE(n.rooms.leave_all(n.rooms.actor()));
}

TEST_CASE("joining an invalid handle is refused", "[scope]") {
  one_node n;
  CHECK(n.rooms.join("k", member{}).error() == errc::invalid_actor);
  CHECK(n.rooms.join("k", caf::actor{}).error() == errc::invalid_actor);
  CHECK(n.rooms.join("k", std::vector<member>{n.spawn_idle(), nullptr}).error() == errc::invalid_actor);
  CHECK(n.rooms.count() == 0);
}

TEST_CASE("an actor of another node cannot join or subscribe", "[scope]") {
  one_node n;
  const auto foreign = testing::make_member(1);
  REQUIRE(foreign->node() != n.system.node());
  CHECK(n.rooms.join("k", foreign).error() == errc::not_local);
  CHECK(n.rooms.join("k", std::vector<member>{n.spawn_idle(), foreign}).error() == errc::not_local);
  CHECK(n.rooms.monitor("k", foreign).error() == errc::not_local);
  CHECK(n.rooms.monitor_scope(foreign).error() == errc::not_local);
  CHECK(n.rooms.count() == 0);
}

TEST_CASE("a list of members joins as one event, an empty one does nothing", "[scope]") {
  one_node n;
  const auto ann = n.spawn_idle();
  const auto bob = n.spawn_idle();
  REQUIRE(n.rooms.monitor_scope(n.self));
  CHECK(n.rooms.join("k", std::vector<member>{}));
  CHECK(n.rooms.join("k", std::vector<member>{ann, bob, ann}, 7));
  n.rooms.flush();
  const auto seen = n.taken_events();
  REQUIRE(seen.size() == 1);
  CHECK(testing::summary(*seen[0]) == "join \"k\" [7, 7, 7] explicit");
  CHECK(n.rooms.count("k") == 3);
}

TEST_CASE("leave removes one entry per listed member, the latest joined first", "[scope]") {
  one_node n;
  const auto ann = n.spawn_idle();
  const auto bob = n.spawn_idle();
  for (const auto* text : {"a1", "a2", "a3"})
    REQUIRE(n.rooms.join("k", ann, text));
  REQUIRE(n.rooms.join("k", bob, "b1"));
  REQUIRE(n.rooms.leave("k", ann));
  CHECK(n.rooms.values("k", ann) == std::vector<value>{"a1", "a2"});
  REQUIRE(n.rooms.leave("k", std::vector<member>{ann, ann, bob, bob}));
  CHECK(n.rooms.count("k") == 0);
  CHECK(n.rooms.leave("k", ann).error() == errc::not_joined);
  CHECK(n.rooms.leave("k", std::vector<member>{}));
  CHECK(n.rooms.leave("nobody", bob).error() == errc::not_joined);
}

TEST_CASE("an update changes all entries of the member and keeps identity and place", "[scope]") {
  one_node n;
  const auto ann = n.spawn_idle();
  const auto bob = n.spawn_idle();
  REQUIRE(n.rooms.join("k", ann, 1));
  REQUIRE(n.rooms.join("k", bob, 2));
  REQUIRE(n.rooms.join("k", ann, 3));
  const auto before = n.rooms.lookup("k");
  REQUIRE(n.rooms.update_value("k", ann, "new"));
  const auto after = n.rooms.lookup("k");
  REQUIRE(after.size() == 3);
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(after[i].id() == before[i].id());
    CHECK(after[i].who == before[i].who);
  }
  CHECK(n.rooms.values("k", ann) == std::vector<value>{"new", "new"});
  CHECK(n.rooms.values("k", bob) == std::vector<value>{2});
  CHECK(before[0].data == value{1}); // the older view stays as it was
  CHECK(n.rooms.update_value("k", n.spawn_idle(), 0).error() == errc::not_joined);
  CHECK(n.rooms.update_value("other", ann, 0).error() == errc::not_joined);
}

TEST_CASE("an update by function is atomic", "[scope]") {
  one_node n;
  const auto ann = n.spawn_idle();
  REQUIRE(n.rooms.join("counter", ann, 0));
  constexpr int rounds = 2000;
  const auto count = [&] {
    for (int i = 0; i < rounds; ++i) {
      const auto updated =
          n.rooms.update_value("counter", ann, [](const value& old) { return value{*old.as_integer() + 1}; });
      if (!updated)
        return;
    }
  };
  std::thread other{count};
  count();
  other.join();
  CHECK(n.rooms.values("counter", ann) == std::vector<value>{2 * rounds});
  const auto never = [](const value& old) { return old; };
  CHECK(n.rooms.update_value("nobody", ann, never).error() == errc::not_joined);
}

TEST_CASE("unregister_match removes exactly the matching entries of the member", "[scope]") {
  one_node n;
  const auto ann = n.spawn_idle();
  const auto bob = n.spawn_idle();
  for (int i = 0; i < 6; ++i)
    REQUIRE(n.rooms.join("k", ann, object("n", i)));
  REQUIRE(n.rooms.join("k", bob, object("n", 0)));
  CHECK(n.rooms.unregister_match("k", ann, R"({"n": $1} when $1 rem 2 == 0)").value() == 3);
  CHECK(n.rooms.values("k", ann) == std::vector<value>{object("n", 1), object("n", 3), object("n", 5)});
  CHECK(n.rooms.count("k") == 4);
  CHECK(n.rooms.unregister_match("k", ann, [](const value& x) { return *x.find("n") == value{3}; }).value() == 1);
  CHECK(n.rooms.unregister_match("k", ann, "7").value() == 0);
  CHECK(n.rooms.unregister_match("k", ann, "$1 when $2").error() == errc::bad_match_spec);
  CHECK(n.rooms.count("k") == 3);
}

TEST_CASE("a value that nests too deep is refused", "[scope]") {
  one_node n;
  const auto ann = n.spawn_idle();
  value deep;
  for (std::size_t i = 0; i <= value::max_depth; ++i)
    deep = list(deep);
  REQUIRE(n.rooms.join("k", ann, 1));
  CHECK(n.rooms.join("k", ann, deep).error() == errc::limit_exceeded);
  CHECK(n.rooms.join(deep, ann).error() == errc::limit_exceeded);
  CHECK(n.rooms.update_value("k", ann, deep).error() == errc::limit_exceeded);
  CHECK(n.rooms.update_value("k", ann, [&](const value&) { return deep; }).error() == errc::limit_exceeded);
  CHECK(n.rooms.values("k", ann) == std::vector<value>{1});
}

TEST_CASE("leave_all removes everything a member has", "[scope]") {
  one_node n;
  const auto ann = n.spawn_idle();
  for (int i = 0; i < 10; ++i)
    REQUIRE(n.rooms.join(i % 3, ann, i));
  CHECK(n.rooms.leave_all(ann).value() == 10);
  CHECK(n.rooms.leave_all(ann).value() == 0);
  CHECK(n.rooms.count() == 0);
  CHECK(n.rooms.keys().empty());
}

TEST_CASE("unregister_name removes every entry under the key", "[scope]") {
  one_node n;
  const auto ann = n.spawn_idle();
  REQUIRE(n.rooms.join("k", std::vector<member>{ann, n.spawn_idle(), ann}));
  CHECK(n.rooms.unregister_name("k"));
  CHECK(n.rooms.count() == 0);
  CHECK(n.rooms.keys(ann).empty());
  CHECK(n.rooms.unregister_name("k"));
}

TEST_CASE("a unique key has one live holder, and the error names it", "[scope]") {
  one_node n;
  const auto ann = n.spawn_idle();
  const auto bob = n.spawn_idle();
  REQUIRE(n.names.join("boss", ann, 1));
  const auto refused = n.names.join("boss", bob, 2);
  REQUIRE_FALSE(refused);
  CHECK(refused.error() == errc::already_registered);
  CHECK(refused.error().holder() == ann);
  CHECK(n.names.join("boss", ann).error().holder() == ann);
  CHECK(n.names.join("x", std::vector<member>{ann, bob}).error() == errc::unique_requires_single_member);
  CHECK(n.names.join("x", std::vector<member>{}));
  CHECK(n.names.register_name("boss", bob).value() == false);
  CHECK(n.names.register_name("deputy", bob).value() == true);
  CHECK(n.names.register_name("other", member{}).error() == errc::invalid_actor);
  CHECK(n.names.lookup("boss").size() == 1);
}

TEST_CASE("a terminated holder does not block its key", "[scope]") {
  one_node n;
  for (int i = 0; i < 50; ++i) {
    const auto ann = n.spawn_idle();
    const auto bob = n.spawn_idle();
    REQUIRE(n.names.join("boss", ann, i));
    n.end(ann); // DOWN may or may not have been processed
    REQUIRE(n.names.join("boss", bob, i));
    CHECK(n.names.whereis("boss").value() == bob);
    n.end_and_wait(bob, n.names);
    CHECK(n.names.whereis("boss").value() == nullptr);
  }
}

TEST_CASE("spawn_registered registers or leaves no actor behind", "[scope]") {
  std::atomic<int> started{0}; // outlives the actors that count
  one_node n;
  const auto idle = [&started]() -> caf::behavior {
    ++started;
    return {[](std::int32_t) {}};
  };
  const auto first = spawn_registered(n.system, n.names, "boss", 1, idle);
  REQUIRE(first);
  CHECK(n.names.whereis("boss").value() == first.value());
  one_node::wait_until([&] { return started == 1; });
  const auto second = spawn_registered(n.system, n.names, "boss", 2, idle);
  REQUIRE_FALSE(second);
  CHECK(second.error() == errc::already_registered);
  CHECK(second.error().holder() == first.value());
  CHECK(started == 1);
  CHECK(spawn_registered(n.system, n.rooms, "boss", 3, idle));
  // Here the actor has started before its join fails.
  const auto before = n.system.registry().running();
  value deep;
  for (std::size_t i = 0; i <= value::max_depth; ++i)
    deep = list(deep);
  CHECK(spawn_registered(n.system, n.rooms, "boss", deep, idle).error() == errc::limit_exceeded);
  CHECK(testing::eventually([&] { return n.system.registry().running() == before; }));
}

TEST_CASE("a member that terminates loses all its entries", "[scope]") {
  one_node n;
  const auto ann = n.spawn_idle();
  const auto bob = n.spawn_idle();
  REQUIRE(n.rooms.join("a", ann));
  REQUIRE(n.rooms.join("b", ann));
  REQUIRE(n.rooms.join("b", bob));
  n.end_and_wait(ann, n.rooms);
  CHECK(n.rooms.count() == 1);
  CHECK(n.rooms.members("b") == std::vector<member>{bob});
  CHECK(n.rooms.keys() == std::vector<value>{"b"});
}

TEST_CASE("an idle scope keeps no actor that has left", "[scope]") {
  one_node n;
  auto who = registry::as_member(n.system.spawn([]() -> caf::behavior { return {[](std::int32_t) {}}; }));
  const caf::weak_actor_ptr watched = caf::actor_cast<caf::weak_actor_ptr>(who);
  REQUIRE(n.rooms.join("k", who));
  REQUIRE(n.rooms.leave("k", who));
  n.rooms.flush();
  who = nullptr;
  // Nothing refers to it any more, so it ends by itself.
  one_node::wait_until([&] {
    n.rooms.flush();
    return !registry::is_alive(watched.lock());
  });
}

TEST_CASE("an actor that has already terminated joins and leaves at once", "[scope]") {
  one_node n;
  const auto ann = n.spawn_idle();
  n.end(ann);
  REQUIRE(n.rooms.monitor_scope(n.self));
  REQUIRE(n.rooms.join("k", ann, 1));
  n.wait_until([&] { return n.rooms.count() == 0; });
  n.rooms.flush();
  const auto seen = n.taken_events();
  REQUIRE(seen.size() == 2);
  CHECK(testing::summary(*seen[0]) == "join \"k\" [1] explicit");
  CHECK(testing::summary(*seen[1]) == "leave \"k\" [1] down");
}

} // namespace registry
