#include <apps/presence/local_scope.hpp>

#include <support/waiting.hpp>

#include <presence/user.hpp>

#include <registry/actor/handle.hpp>
#include <registry/coro/spawn.hpp>

#include <support/catch.hpp>

using presence::testing::local_scope;
using registry::testing::eventually;
using namespace std::chrono_literals;

TEST_CASE("a user is online with its status, and in the state it says") {
  local_scope where;
  where.come("ann", "online", "office");
  CHECK(to_string(where.people.lookup("ann")[0].data) == R"({"place": "office", "state": "online"})");
  where.say("ann", "busy");
  CHECK(eventually([&] { return where.state_of("ann") == "busy"; }));
  CHECK(to_string(where.people.lookup("ann")[0].data) == R"({"place": "office", "state": "busy"})");
}

TEST_CASE("a user who says that it is offline goes, and so does one that is killed") {
  local_scope where;
  caf::scoped_actor self{where.system};
  const auto ann = where.come("ann", "online", "office");
  const auto bob = where.come("bob", "online", "home");
  where.say("ann", "offline");
  self->wait_for(ann);
  CHECK(eventually([&] { return where.people.count("ann") == 0; }));
  CHECK(where.people.count("bob") == 1);
  registry::kill(bob);
  CHECK(eventually([&] { return where.people.count() == 0; }));
}

TEST_CASE("a user who is silent is away until it says something") {
  local_scope where;
  where.come("ann", "online", "office", 20ms);
  CHECK(eventually([&] { return where.state_of("ann") == "away"; }));
  where.say("ann", "offline");
  CHECK(eventually([&] { return where.people.count() == 0; }));
}

TEST_CASE("a state that is known already changes nothing") {
  local_scope where;
  where.come("ann", "online", "office");
  const auto before = where.people.monitor(registry::value{"ann"}, where.come("bob", "online", "home")).value().commit;
  where.say("ann", "online");
  where.say("ann", "busy");
  CHECK(eventually([&] { return where.state_of("ann") == "busy"; }));
  const auto after = where.people.monitor(registry::value{"ann"}, where.come("cleo", "online", "home")).value().commit;
  CHECK(after == before + 2); // the busy ann, and cleo
}

TEST_CASE("a user is not online in a scope that has been closed") {
  local_scope where;
  REQUIRE(where.home.close_scope("people"));
  caf::scoped_actor self{where.system};
  presence::status now{"online", "office"};
  self->wait_for(registry::spawn_coroutine(where.system, presence::user, where.people, std::string{"ann"}, now, 1h));
  CHECK(where.people.count() == 0);
}
