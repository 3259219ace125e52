// The argument types that operations of a scope accept.

#include <registry/actor/tell.hpp>
#include <registry/coro/self.hpp>
#include <registry/scope/scope.hpp>

#include <support/fixture.hpp>

#include <caf/event_based_actor.hpp>
#include <caf/typed_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <support/catch.hpp>

#include <concepts>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace registry {

namespace {

using some_typed_actor = caf::typed_actor<compat::replies<void(int)>>;

static_assert(actor_handle<member> && actor_handle<caf::actor> && actor_handle<caf::actor_addr>);
static_assert(actor_handle<some_typed_actor> && actor_handle<scope_actor>);
static_assert(actor_handle<caf::event_based_actor*> && actor_handle<some_typed_actor::pointer>);
static_assert(actor_handle<coroutine_self>);
static_assert(std::constructible_from<registrant, caf::actor> && std::constructible_from<registrant, coroutine_self>);
static_assert(!actor_handle<int> && !actor_handle<const char*> && !actor_handle<std::string> && !actor_handle<value>);
static_assert(!std::convertible_to<int, registrant> && !std::convertible_to<std::string, registrant>);

struct text_like {
  operator std::string_view() const { return "lobby"; } // NOLINT(google-explicit-constructor)
};

} // namespace

TEST_CASE("a key that is looked up may be text of any type", "[scope]") {
  testing::one_node n;
  REQUIRE(n.rooms.join("lobby", n.spawn_idle(), 7));
  const std::string text = "lobby";
  CHECK(n.rooms.lookup(text).size() == 1);
  CHECK(n.rooms.lookup(std::string{"lobby"}).size() == 1);
  CHECK(n.rooms.lookup(std::string_view{text}).size() == 1);
  CHECK(n.rooms.lookup(text.c_str()).size() == 1);
  CHECK(n.rooms.lookup("lobby").size() == 1);
  CHECK(n.rooms.lookup(text_like{}).size() == 1);
  CHECK(n.rooms.lookup(value{"lobby"}).size() == 1);
  CHECK(n.rooms.lookup(7).empty());
}

TEST_CASE("members in braces are a list of members", "[scope]") {
  testing::one_node n;
  const auto ann = n.spawn_idle();
  const member bob = n.spawn_idle();
  REQUIRE(n.rooms.join("k", {ann, bob}, 1));
  REQUIRE(n.rooms.join("k", {ann}));
  REQUIRE(n.rooms.join("k", {}));
  CHECK(n.rooms.members("k") == std::vector<member>{ann, bob, ann});
  REQUIRE(n.rooms.leave("k", {ann}));
  CHECK(n.rooms.members("k") == std::vector<member>{ann, bob});
  REQUIRE(n.rooms.leave("k", {ann, bob}));
  CHECK(n.rooms.count() == 0);
  CHECK(n.rooms.leave("k", {bob}).error() == errc::not_joined);
}

TEST_CASE("a null handle or pointer is an error and nothing else", "[scope]") {
  testing::one_node n;
  CHECK(n.rooms.join("k", member{}).error() == errc::invalid_actor);
  CHECK(n.rooms.join("k", caf::actor{}).error() == errc::invalid_actor);
  CHECK(n.rooms.join("k", static_cast<caf::event_based_actor*>(nullptr)).error() == errc::invalid_actor);
  CHECK(n.rooms.join("k", {n.spawn_idle(), member{}}).error() == errc::invalid_actor);
  CHECK(n.rooms.count() == 0);
}

TEST_CASE("a scope is changed through a const handle, such as the one that a lambda has captured", "[scope]") {
  testing::one_node n;
  const auto join = [rooms = n.rooms](const member& who) { return rooms.join("k", who); };
  const auto ann = n.spawn_idle();
  REQUIRE(join(ann));
  const scope& rooms = n.rooms;
  CHECK(rooms.update_value("k", ann, 2));
  CHECK(rooms.leave_all(ann).value() == 1);
}

TEST_CASE("an actor found by lookup can be sent a message", "[scope]") {
  testing::one_node n;
  REQUIRE(n.rooms.join("k", n.self));
  for (const auto& one : n.rooms.lookup("k"))
    tell(one.who, std::string{"hello"});
  tell(member{}, std::string{"nobody"});
  std::string said;
  n.self->receive([&](const std::string& text) { said = text; });
  CHECK(said == "hello");
  kill(member{});
  shut_down(caf::actor{});
}

TEST_CASE("entries and events print themselves", "[scope]") {
  testing::one_node n;
  const auto ann = n.spawn_idle();
  REQUIRE(n.rooms.join("k", ann, 7));
  const auto found = n.rooms.lookup("k");
  std::ostringstream out;
  out << found[0] << '\n' << value{"text"} << '\n' << error{errc::not_joined} << '\n';
  const auto actor = to_string(member{ann});
  CHECK(out.str() == actor + ": 7 (0:1)\n\"text\"\n" + to_string(error{errc::not_joined}) + "\n");
  const event change{3, verb::update, reason::explicit_request, "k", {{found[0].id(), ann, 8, 7}}};
  CHECK(to_string(change) == "commit 3: update \"k\" (explicit): " + actor + " 8 before 7");
}

} // namespace registry
