#include <support/fixture.hpp>

#include <registry/compat/error.hpp>
#include <registry/scope/internal/scope_state.hpp>

#include <support/catch.hpp>

#include <optional>
#include <span>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace registry {

using testing::one_node;

TEST_CASE("an empty lookup is no error", "[scope]") {
  one_node n;
  CHECK(n.rooms.lookup("nobody").empty());
  CHECK(n.rooms.lookup_local("nobody").empty());
  CHECK(n.rooms.members("nobody").empty());
  CHECK(n.rooms.local_members("nobody").empty());
  CHECK(n.rooms.values("nobody", n.spawn_idle()).empty());
  CHECK(n.rooms.keys(n.spawn_idle()).empty());
  CHECK(n.rooms.keys().empty());
  CHECK(n.rooms.count() == 0);
  CHECK(n.rooms.count("nobody") == 0);
}

TEST_CASE("keys are compared strictly", "[scope]") {
  one_node n;
  const auto ann = n.spawn_idle();
  REQUIRE(n.rooms.join(1, ann, "integer"));
  REQUIRE(n.rooms.join(1.0, ann, "real"));
  REQUIRE(n.rooms.join(list("a", 1), ann, "list of integer"));
  REQUIRE(n.rooms.join(list("a", 1.0), ann, "list of real"));
  CHECK(n.rooms.lookup(value{1})[0].data == value{"integer"});
  CHECK(n.rooms.lookup(value{1.0})[0].data == value{"real"});
  CHECK(n.rooms.keys().size() == 4);
  CHECK(n.rooms.keys(ann).size() == 4);
}

TEST_CASE("any kind of value can be a key, even one that looks like a pattern", "[scope]") {
  one_node n;
  const auto ann = n.spawn_idle();
  const std::vector<value> keys{nullptr, true, "_", "$1", object("a", 1), object(), list(), ann, "a longer text than fits"};
  for (const auto& key : keys)
    REQUIRE(n.rooms.join(key, ann, key));
  for (const auto& key : keys) {
    const auto found = n.rooms.lookup(key);
    REQUIRE(found.size() == 1);
    CHECK(identical(found[0].data, key));
  }
  CHECK(n.rooms.keys(ann).size() == keys.size());
}

// That no value is built for it: unsanitized/memory.test.cpp.
TEST_CASE("a text key is found by its text", "[scope]") {
  one_node n;
  const auto ann = n.spawn_idle();
  const std::string long_key(100, 'x');
  REQUIRE(n.rooms.join(long_key, ann));
  REQUIRE(n.rooms.join("short", ann));
  CHECK(n.rooms.lookup(std::string_view{long_key}).size() == 1);
  CHECK(n.rooms.lookup(std::string_view{"short"}).size() == 1);
  CHECK(n.rooms.lookup("shor").empty());
}

TEST_CASE("lookups, members and values agree", "[scope]") {
  one_node n;
  const auto ann = n.spawn_idle();
  const auto bob = n.spawn_idle();
  REQUIRE(n.rooms.join("k", ann, 1));
  REQUIRE(n.rooms.join("k", bob, 2));
  REQUIRE(n.rooms.join("k", ann, 3));
  CHECK(n.rooms.members("k") == std::vector<member>{ann, bob, ann});
  CHECK(n.rooms.local_members("k") == std::vector<member>{ann, bob, ann});
  CHECK(n.rooms.lookup_local("k").size() == 3);
  CHECK(n.rooms.values("k", ann) == std::vector<value>{1, 3});
  CHECK(n.rooms.keys(ann) == std::vector<value>{"k"});
}

TEST_CASE("a snapshot stays as it was", "[scope]") {
  one_node n;
  const auto ann = n.spawn_idle();
  for (int i = 0; i < 100; ++i)
    REQUIRE(n.rooms.join(i, ann, i));
  const auto view = n.rooms.snapshot();
  REQUIRE(n.rooms.leave_all(ann));
  REQUIRE(n.rooms.join("later", ann));
  CHECK(view.size() == 100);
  CHECK(view.find(value{42}).size() == 1);
  CHECK(view.find(value{"later"}).empty());
  std::size_t seen = 0;
  view.for_each([&](const value& key, const group& entries) {
    CHECK(identical(entries[0].data, key));
    ++seen;
  });
  CHECK(seen == 100);
}

TEST_CASE("whereis gives the live local holder, in unique mode only", "[scope]") {
  one_node n;
  const auto ann = n.spawn_idle();
  CHECK(n.names.whereis("boss").value() == nullptr);
  REQUIRE(n.names.join("boss", ann));
  CHECK(n.names.whereis("boss").value() == ann);
  CHECK(n.rooms.whereis("boss").error() == errc::requires_unique);
}

TEST_CASE("scope metadata is set, replaced and deleted", "[scope]") {
  one_node n;
  CHECK_FALSE(n.rooms.meta("topic"));
  CHECK(n.rooms.put_meta("topic", "old"));
  CHECK(n.rooms.put_meta("topic", "new"));
  CHECK(n.rooms.put_meta("limit", nullptr));
  CHECK(n.rooms.meta("topic").value() == value{"new"});
  CHECK(n.rooms.meta("limit").value().is_null());
  CHECK_FALSE(n.names.meta("topic"));
  CHECK(n.rooms.delete_meta("topic"));
  CHECK(n.rooms.delete_meta("topic"));
  CHECK_FALSE(n.rooms.meta("topic"));
  CHECK(n.rooms.count() == 0);
}

TEST_CASE("await returns when the key gets a member, or in time", "[scope]") {
  one_node n;
  const auto ann = n.spawn_idle();
  CHECK(n.rooms.wait_for_key("k", std::chrono::milliseconds{1}).error() == errc::timeout);
  std::thread joiner{[&] { static_cast<void>(n.rooms.join("k", ann, 7)); }};
  const auto arrived = n.rooms.wait_for_key("k", std::chrono::milliseconds::max());
  joiner.join();
  REQUIRE(arrived);
  REQUIRE(arrived.value().size() == 1);
  CHECK(arrived.value()[0].who == ann);
  CHECK(n.rooms.wait_for_key("k", std::chrono::milliseconds{0}).value().size() == 1);
}

TEST_CASE("a wait for a key gives all of its entries, like a lookup", "[scope]") {
  one_node n;
  const std::vector<member> both{n.spawn_idle(), n.spawn_idle()};
  REQUIRE(n.rooms.join("other", both[0]));
  std::optional<group> seen;
  n.rooms.state()->await("k", [&](const result<group>& arrived) { seen = arrived.value(); });
  // Two events, distributed together.
  REQUIRE(n.rooms.state()->commit([&](store& entries) -> result<void> {
    if (auto joined = entries.join("k", std::span{both}.first(1), 1); !joined)
      return joined;
    return entries.join("k", std::span{both}.last(1), 2);
  }));
  n.rooms.flush();
  REQUIRE(seen);
  const auto found = n.rooms.lookup("k");
  REQUIRE(seen->size() == 2);
  CHECK((*seen)[1].who == both[1]);
  CHECK((*seen)[1].position == found[1].position);
}

TEST_CASE("closing a scope ends the waits in it", "[scope]") {
  one_node n;
  auto pending = compat::request(n.self, n.rooms.actor(), std::chrono::seconds{60}, await_request{"k", 60'000});
  n.ask(n.rooms, count_request{}); // the request has been taken
  std::thread closer{[&] { static_cast<void>(n.home.close_scope("rooms")); }};
  CHECK(n.rooms.wait_for_key("k", std::chrono::minutes{1}).error() == errc::scope_closed);
  closer.join();
  std::optional<error> refused;
  std::move(pending).receive([](const value&) {}, [&](const caf::error& e) { refused = compat::from_caf(e); });
  REQUIRE(refused);
  CHECK(*refused == errc::scope_closed);
}

TEST_CASE("a closed scope refuses changes and holds nothing", "[scope]") {
  one_node n;
  const auto ann = n.spawn_idle();
  REQUIRE(n.rooms.join("k", ann));
  REQUIRE(n.rooms.monitor_scope(n.self));
  REQUIRE(n.home.close_scope("rooms"));
  CHECK(n.rooms.join("k", ann).error() == errc::scope_closed);
  CHECK(n.rooms.leave("k", ann).error() == errc::scope_closed);
  CHECK(n.rooms.leave_all(ann).error() == errc::scope_closed);
  CHECK(n.rooms.update_value("k", ann, 1).error() == errc::scope_closed);
  CHECK(n.rooms.unregister_name("k").error() == errc::scope_closed);
  CHECK(n.rooms.register_name("k", ann).error() == errc::scope_closed);
  CHECK(n.rooms.put_meta("a", 1).error() == errc::scope_closed);
  CHECK(n.rooms.delete_meta("a").error() == errc::scope_closed);
  CHECK(n.rooms.monitor("k", n.self).error() == errc::scope_closed);
  CHECK(n.rooms.wait_for_key("k", std::chrono::milliseconds{1}).error() == errc::scope_closed);
  CHECK(n.rooms.count() == 0);
  CHECK(n.rooms.lookup("k").empty());
  n.rooms.flush();
  CHECK(n.taken_events().empty());
}

} // namespace registry
