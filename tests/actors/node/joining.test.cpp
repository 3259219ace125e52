#include <node/clustered_node.hpp>

#include <support/catch.hpp>

#include <future>
#include <string>

namespace registry {

namespace {

using namespace std::chrono_literals;
using testing::clustered_node;
using testing::loopback;

/// An address without a listener.
node_address deserted() {
  const clustered_node gone{loopback()};
  return *gone.home.address();
}

bool says(const result<void>& x, const std::string& text) {
  return !x && x.error().message().find(text) != std::string_view::npos;
}

} // namespace

TEST_CASE("a node has joined once the entries of its seed have arrived", "[mesh][joining]") {
  clustered_node seed{loopback()};
  auto games = seed.home.open_scope("games").value();
  const auto ann = seed.spawn_idle();
  for (int i = 0; i < 1'000; ++i) {
    REQUIRE(seed.rooms.join(i, ann));
    REQUIRE(games.join(i, ann));
  }
  CHECK(seed.home.wait_joined(0ms)); // it has no seeds
  clustered_node late{loopback({*seed.home.address()})};
  auto played = late.home.open_scope("games").value();
  auto alone = late.home.open_scope("nowhere else").value();
  REQUIRE(late.home.wait_joined(std::chrono::milliseconds::max()));
  CHECK(late.rooms.count() == 1'000);
  CHECK(played.count() == 1'000);
  CHECK(late.home.wait_joined(0ms));
}

TEST_CASE("a node without seeds has joined at once", "[mesh][joining]") {
  system_config config;
  caf::actor_system system{config};
  const auto home = node::start(system).value();
  CHECK(home.wait_joined(0ms));
}

TEST_CASE("a node whose only seed is absent reports it", "[mesh][joining]") {
  const auto where = deserted();
  const clustered_node n{loopback({where})};
  const auto joined = n.home.wait_joined(200ms);
  REQUIRE_FALSE(joined);
  CHECK(joined.error() == errc::timeout);
  CHECK(says(joined, "seed " + to_string(where)));
}

TEST_CASE("only seeds that respond count", "[mesh][joining]") {
  const auto nobody = deserted();
  clustered_node seed{loopback()};
  REQUIRE(seed.rooms.join("k", seed.spawn_idle()));
  const clustered_node n{loopback({nobody, *seed.home.address()})};
  CHECK(n.home.wait_joined(60s));
  CHECK(n.rooms.count() == 1);
}

TEST_CASE("a seed that refuses the link is named with the reason", "[mesh][joining]") {
  const clustered_node seed{loopback()};
  const clustered_node other{loopback()};
  auto options = loopback({*seed.home.address(), *other.home.address()});
  options.secret = "another secret, of 32 characters or more";
  const clustered_node n{options};
  const auto both = [&] {
    const auto joined = n.home.wait_joined(0ms);
    return says(joined, "seed " + to_string(*seed.home.address()) + ": the shared secrets differ") &&
           says(joined, "seed " + to_string(*other.home.address()) + ": the shared secrets differ");
  };
  CHECK(testing::eventually(both));
}

TEST_CASE("a node that is stopped has not joined", "[mesh][joining]") {
  clustered_node n{loopback({deserted()})};
  auto waiting = std::async(std::launch::async, [&] { return n.home.wait_joined(60s); });
  n.home.stop();
  CHECK(waiting.get().error() == errc::scope_closed);
}

} // namespace registry
