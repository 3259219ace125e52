#include <registry/actor/tell.hpp>
#include <support/fixture.hpp>
#include <support/waiting.hpp>

#include <registry/compat/error.hpp>

#include <caf/after.hpp>
#include <caf/event_based_actor.hpp>

#include <support/catch.hpp>

#include <cstdint>
#include <limits>
#include <utility>

namespace registry {

using testing::one_node;

TEST_CASE("the scope actor serves the changes as messages", "[requests]") {
  one_node n;
  const auto ann = n.spawn_idle();
  n.tell(n.rooms, join_request{"k", {ann, ann}, object("n", 1)});
  n.tell(n.rooms, update_request{"k", ann, object("n", 2)});
  CHECK(n.rooms.values("k", ann) == std::vector<value>{object("n", 2), object("n", 2)});
  n.tell(n.rooms, leave_request{"k", {ann}});
  CHECK(n.ask(n.rooms, unregister_match_request{"k", ann, R"({"n": 2})"}) == value{1});
  CHECK(n.rooms.count() == 0);
  CHECK(n.ask(n.rooms, register_name_request{"k", ann, 1}) == value{true});
  CHECK(n.ask(n.rooms, leave_all_request{ann}) == value{1});
  n.tell(n.rooms, join_request{"k", {ann}, {}});
  n.tell(n.rooms, unregister_name_request{"k"});
  CHECK(n.rooms.count() == 0);
  CHECK(n.ask(n.names, register_name_request{"boss", ann, {}}) == value{true});
  CHECK(n.ask(n.names, register_name_request{"boss", n.spawn_idle(), {}}) == value{false});
  CHECK(n.ask(n.names, whereis_request{"boss"}) == value{ann});
}

TEST_CASE("the scope actor serves the reads and queries as messages", "[requests]") {
  one_node n;
  const auto ann = n.spawn_idle();
  const auto bob = n.spawn_idle();
  REQUIRE(n.rooms.join("k", ann, 1));
  REQUIRE(n.rooms.join("k", bob, 2));
  CHECK(n.ask(n.rooms, lookup_request{"k"}) == list(list(ann, 1), list(bob, 2)));
  CHECK(n.ask(n.rooms, lookup_request{"k", true}) == list(list(ann, 1), list(bob, 2)));
  CHECK(n.ask(n.rooms, members_request{"k"}) == list(ann, bob));
  CHECK(n.ask(n.rooms, members_request{"k", true}) == list(ann, bob));
  CHECK(n.ask(n.rooms, values_request{"k", bob}) == list(2));
  CHECK(n.ask(n.rooms, keys_request{ann}) == list("k"));
  CHECK(n.ask(n.rooms, count_request{}) == value{2});
  CHECK(n.ask(n.rooms, count_key_request{"k"}) == value{2});
  CHECK(n.ask(n.rooms, groups_request{}) == list("k"));
  CHECK(n.ask(n.rooms, match_request{"k", "$1 when $1 > 1"}) == list(list(bob, 2)));
  CHECK(n.ask(n.rooms, count_match_request{"k", "_"}) == value{2});
  CHECK(n.ask(n.rooms, select_request{"[$1, _, 2] -> $1"}) == list("k"));
  CHECK(n.ask(n.rooms, count_select_request{"[_, _, $1] -> $1 == 1"}) == value{1});
}

TEST_CASE("the scope actor serves metadata and messages", "[requests]") {
  one_node n;
  n.tell(n.rooms, put_meta_request{"topic", "news"});
  CHECK(n.ask(n.rooms, meta_request{"topic"}) == list("news"));
  n.tell(n.rooms, delete_meta_request{"topic"});
  CHECK(n.ask(n.rooms, meta_request{"topic"}) == list());

  const auto ann = registry::as_member(n.self);
  REQUIRE(n.rooms.join("k", ann));
  REQUIRE(n.names.join("boss", ann));
  CHECK(n.ask(n.rooms, dispatch_request{"k", "all", caf::make_message(std::int32_t{1})}) == value{1});
  CHECK(n.ask(n.names, send_request{"boss", caf::make_message(std::int32_t{2})}) == value{ann});
  int sum = 0;
  for (int i = 0; i < 2; ++i)
    n.self->receive([&](std::int32_t x) { sum += x; });
  CHECK(sum == 3);
}

TEST_CASE("the scope actor subscribes the sender", "[requests]") {
  one_node n;
  const auto ann = n.spawn_idle();
  REQUIRE(n.rooms.join("k", ann, 1));
  const auto key_start = n.ask(n.rooms, monitor_request{"k"});
  const auto scope_start = n.ask(n.rooms, monitor_scope_request{});
  REQUIRE(key_start.as_list().size() == 3);
  CHECK(key_start.as_list()[2] == list(list(ann, 1)));
  CHECK(scope_start.as_list()[2] == list(list("k", list(list(ann, 1)))));
  REQUIRE(n.rooms.join("k", ann, 2));
  n.rooms.flush();
  CHECK(n.taken_events().size() == 2);
  const auto reference = static_cast<std::uint64_t>(*key_start.as_list()[0].as_integer());
  n.tell(n.rooms, demonitor_request{reference});
  REQUIRE(n.rooms.join("k", ann, 3));
  n.rooms.flush();
  CHECK(n.taken_events().size() == 1);
}

TEST_CASE("errors are sent as errors of the registry, with holder and message", "[requests]") {
  one_node n;
  const auto ann = n.spawn_idle();
  REQUIRE(n.names.join("boss", ann));
  CHECK(n.refused<void>(n.names, join_request{"boss", {n.spawn_idle()}, {}}).holder() == ann);
  CHECK(n.refused<void>(n.rooms, leave_request{"k", {ann}}) == errc::not_joined);
  CHECK(n.refused<void>(n.rooms, update_request{"k", ann, {}}) == errc::not_joined);
  CHECK(n.refused<void>(n.rooms, join_request{"k", {nullptr}, {}}) == errc::invalid_actor);
  CHECK(n.refused<void>(n.rooms, demonitor_request{0}) == errc::unknown_reference);
  CHECK(n.refused<value>(n.rooms, whereis_request{"k"}) == errc::requires_unique);
  CHECK(n.refused<value>(n.rooms, send_request{"k", {}}) == errc::requires_unique);
  CHECK(n.refused<value>(n.names, send_request{"k", {}}) == errc::not_registered);
  CHECK(n.refused<value>(n.rooms, match_request{"k", "$1 when"}) == errc::bad_match_spec);
  CHECK(n.refused<value>(n.rooms, select_request{"["}) == errc::bad_match_spec);
  CHECK(n.refused<value>(n.rooms, dispatch_request{"k", "some", {}}) == errc::invalid_argument);
}

TEST_CASE("an await request is answered when the key gets a member, or with a timeout", "[requests]") {
  one_node n;
  const auto ann = n.spawn_idle();
  CHECK(n.refused<value>(n.rooms, await_request{"k", 1}) == errc::timeout);
  auto pending = compat::request(n.self, n.rooms.actor(), std::chrono::seconds{60},
                                 await_request{"k", std::numeric_limits<std::int64_t>::max()});
  testing::outlast(std::chrono::milliseconds{20});
  REQUIRE(n.rooms.join("k", ann, 1));
  value answer;
  std::move(pending).receive([&](const value& entries) { answer = entries; }, [](const caf::error&) { FAIL("no answer"); });
  CHECK(answer == list(list(ann, 1)));
  CHECK(n.ask(n.rooms, await_request{"k", 60'000}) == list(list(ann, 1)));
}

TEST_CASE("a message the scope actor does not know harms nothing", "[requests]") {
  one_node n;
  REQUIRE(n.rooms.join("k", n.spawn_idle()));
  registry::tell(n.rooms.actor(), std::string{"what is this?"});
  CHECK(n.ask(n.rooms, count_request{}) == value{1});
}

} // namespace registry
