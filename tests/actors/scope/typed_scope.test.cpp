#include <registry/actor/handle.hpp>
#include <registry/scope/typed_scope.hpp>

#include <support/fixture.hpp>

#include <caf/after.hpp>

#include <support/catch.hpp>

#include <limits>

namespace registry {

namespace {

enum class role { primary, replica };
BOOST_DESCRIBE_ENUM(role, primary, replica)

struct shard {
  std::string table;
  int number;
  friend bool operator==(const shard&, const shard&) = default;
};
BOOST_DESCRIBE_STRUCT(shard, (), (table, number))

struct holder {
  role is = role::replica;
  double load = 0;
  friend bool operator==(const holder&, const holder&) = default;
};
BOOST_DESCRIBE_STRUCT(holder, (), (is, load))

using shards = typed_scope<shard, holder>;

} // namespace

TEST_CASE("a typed scope reads back what it was given", "[typed]") {
  testing::one_node n;
  shards all{n.rooms};
  const auto ann = n.spawn_idle();
  const auto bob = n.spawn_idle();
  const shard users{"users", 3};
  REQUIRE(all.join(users, ann, holder{role::primary, 0.5}));
  REQUIRE(all.join(users, std::vector<member>{bob}, holder{}));
  const auto found = all.lookup(users);
  REQUIRE(found);
  REQUIRE(found.value().size() == 2);
  CHECK(found.value()[0].who == ann);
  CHECK(found.value()[0].data == holder{role::primary, 0.5});
  CHECK(all.members(users).value() == std::vector<member>{ann, bob});
  CHECK(all.count(users).value() == 2);
  CHECK(all.count(shard{"users", 4}).value() == 0);
  CHECK(all.values(users, bob).value() == std::vector<holder>{{}});
  CHECK(all.keys(ann).value() == std::vector<shard>{users});
  CHECK(all.keys().value() == std::vector<shard>{users});
  CHECK(all.wait_for_key(users, std::chrono::milliseconds{0}).value().size() == 2);
  CHECK(n.rooms.lookup(object("table", "users", "number", 3)).size() == 2);
}

TEST_CASE("a typed scope updates by value and by function", "[typed]") {
  testing::one_node n;
  shards all{n.rooms};
  const auto ann = n.spawn_idle();
  const shard key{"t", 1};
  REQUIRE(all.join(key, ann, holder{}));
  REQUIRE(all.update_value(key, ann, holder{role::primary, 1}));
  REQUIRE(all.update_value(key, ann, [](const holder& old) { return holder{old.is, old.load + 1}; }));
  CHECK(all.values(key, ann).value() == std::vector<holder>{{role::primary, 2}});
  const auto nan = std::numeric_limits<double>::quiet_NaN();
  CHECK(all.update_value(key, ann, [&](const holder& old) { return holder{old.is, nan}; }).error() ==
        errc::invalid_argument);
  CHECK(all.update_value(key, ann, holder{role::primary, nan}).error() == errc::invalid_argument);
  CHECK(all.values(key, ann).value() == std::vector<holder>{{role::primary, 2}});
  CHECK(all.update_value(shard{"u", 1}, ann, holder{}).error() == errc::not_joined);
  CHECK(all.leave(key, ann));
  CHECK(all.leave(key, ann).error() == errc::not_joined);
}

TEST_CASE("a typed update of entries of which one cannot be read changes none of them", "[typed]") {
  testing::one_node n;
  shards all{n.rooms};
  const shard key{"t", 1};
  const auto ann = n.spawn_idle();
  const auto raw = object("table", "t", "number", 1);
  REQUIRE(n.rooms.join(raw, ann, "foreign"));
  REQUIRE(all.join(key, ann, holder{role::primary, 1}));
  REQUIRE(n.rooms.monitor_scope(n.self));
  const auto updated = all.update_value(key, ann, [](const holder& old) { return holder{old.is, old.load + 1}; });
  REQUIRE_FALSE(updated);
  CHECK(updated.error() == errc::malformed);
  n.rooms.flush();
  CHECK(n.taken_events().empty());
  CHECK(n.rooms.values(raw, ann)[0] == value{"foreign"});
}

TEST_CASE("a typed scope says which field of a foreign entry does not fit", "[typed]") {
  testing::one_node n;
  shards all{n.rooms};
  const shard key{"t", 1};
  REQUIRE(n.rooms.join(object("table", "t", "number", 1), n.spawn_idle(), object("is", "primary", "load", "high")));
  const auto found = all.lookup(key);
  REQUIRE_FALSE(found);
  CHECK(found.error() == errc::malformed);
  CHECK(found.error().message().find("load") != std::string::npos);
  CHECK(all.members(key).value().size() == 1);
}

TEST_CASE("a typed scope names, sends, dispatches and subscribes", "[typed]") {
  testing::one_node n;
  shards names{n.names};
  const shard key{"t", 1};
  const auto start = names.monitor(key, n.self);
  REQUIRE(start);
  CHECK(names.register_name(key, n.self, holder{}).value() == true);
  CHECK(names.register_name(key, n.spawn_idle(), holder{}).value() == false);
  CHECK(names.whereis(key).value() == registry::as_member(n.self));
  CHECK(names.send(key, std::int32_t{1}));
  CHECK(names.dispatch(key, dispatch_strategy::all(), std::int32_t{2}).value() == 1);
  int sum = 0;
  n.self->receive([&](std::int32_t x) { sum += x; });
  n.self->receive([&](std::int32_t x) { sum += x; });
  CHECK(sum == 3);
  n.names.flush();
  CHECK(n.taken_events().size() == 1);
}

TEST_CASE("a typed scope queries by predicate and by pattern", "[typed]") {
  testing::one_node n;
  const shards all{n.rooms};
  const shard key{"t", 1};
  const auto ann = n.spawn_idle();
  const auto bob = n.spawn_idle();
  REQUIRE(all.join(key, ann, holder{role::primary, 0.5}));
  REQUIRE(all.join(key, bob, holder{role::replica, 2}));
  const auto loaded = all.match(key, [](const holder& x) { return x.load > 1; });
  REQUIRE(loaded);
  REQUIRE(loaded.value().size() == 1);
  CHECK(loaded.value()[0].who == bob);
  CHECK(all.match(key, R"({"is": "primary"})").value()[0].who == ann);
  CHECK(all.match(key, "{").error() == errc::bad_match_spec);
  CHECK(all.count_match(key, [](const holder&) { return true; }).value() == 2);
  CHECK(all.count_match(key, R"({"load": $1} when $1 < 1)").value() == 1);
  CHECK(all.unregister_match(key, bob, R"({"is": "replica"})").value() == 1);
  CHECK(all.count() == 1);
  REQUIRE(n.rooms.join(object("table", "t", "number", 1), bob, object("is", "replica", "load", "high")));
  CHECK(all.match(key, R"({"is": "primary"})").value().size() == 1);
  CHECK(all.match(key, [](const holder&) { return true; }).error() == errc::malformed);
  CHECK(all.count_match(key, [](const holder&) { return true; }).error() == errc::malformed);
}

TEST_CASE("a typed scope reads local entries and owners, and takes lists", "[typed]") {
  testing::one_node n;
  const shards all{n.rooms};
  const shard key{"t", 1};
  const auto ann = n.spawn_idle();
  const auto bob = n.spawn_idle();
  REQUIRE(all.join(key, {ann, bob}, holder{}));
  REQUIRE(all.join(shard{"t", 2}, ann, holder{}));
  const auto here = all.lookup_local(key).value();
  REQUIRE(here.size() == 2);
  CHECK(here[0].is_local());
  CHECK(all.reachable(here[0]));
  CHECK(all.local_members(key).value() == std::vector<member>{ann, bob});
  CHECK(all.owner(here[0]) == n.rooms.owner(n.rooms.lookup(object("table", "t", "number", 1))[0]));
  REQUIRE(all.leave(key, {bob}));
  CHECK(all.leave_all(ann).value() == 2);
  REQUIRE(all.join(key, bob, holder{}));
  REQUIRE(all.unregister_name(key));
  CHECK(all.count() == 0);
}

TEST_CASE("a typed scope reads events", "[typed]") {
  testing::one_node n;
  const shards all{n.rooms};
  const shard key{"t", 1};
  const auto ann = n.spawn_idle();
  const auto watching = all.monitor_scope(n.self);
  REQUIRE(watching);
  REQUIRE(all.join(key, ann, holder{role::primary, 1}));
  REQUIRE(all.update_value(key, ann, holder{role::primary, 2}));
  REQUIRE(n.rooms.join(object("table", "t", "number", 1), ann, "foreign"));
  n.rooms.flush();
  const auto changes = n.taken_events();
  REQUIRE(changes.size() == 3);
  const auto joined = shards::read(*changes[0]);
  REQUIRE(joined);
  CHECK(joined.value().what == verb::join);
  CHECK(joined.value().key == key);
  CHECK(joined.value().entries.at(0).data == holder{role::primary, 1});
  CHECK_FALSE(joined.value().entries[0].previous);
  const auto updated = shards::read(*changes[1]);
  REQUIRE(updated);
  CHECK(updated.value().commit == joined.value().commit + 1);
  CHECK(updated.value().entries.at(0).previous == holder{role::primary, 1});
  CHECK(shards::read(*changes[2]).error() == errc::malformed);
  REQUIRE(all.demonitor(watching.value().reference));
}

} // namespace registry
