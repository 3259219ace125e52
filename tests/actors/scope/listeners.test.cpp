#include <support/companion.hpp>
#include <support/fixture.hpp>

#include <caf/after.hpp>

#include <support/catch.hpp>

#include <atomic>
#include <thread>
#include <vector>

namespace registry {

using testing::one_node;

namespace {

/// The messages the test received as a listener, in order.
std::vector<std::string> heard(one_node& n) {
  std::vector<std::string> out;
  for (bool more = true; more;) {
    n.self->receive(
        [&](const registered& x) { out.push_back(x.scope + " + " + to_string(x.key) + " " + to_string(x.data)); },
        [&](const unregistered& x) { out.push_back(x.scope + " - " + to_string(x.key)); },
        caf::after(std::chrono::seconds{0}) >> [&] { more = false; });
  }
  return out;
}

} // namespace

TEST_CASE("listeners are told about joins and leaves, not about updates", "[listeners]") {
  one_node n;
  n.home.name_actor("audit", n.self);
  scope_options options;
  options.name = "watched";
  options.listeners = {"audit", "nobody"};
  auto watched = n.home.open_scope(options).value();
  const auto ann = n.spawn_idle();
  REQUIRE(watched.join("k", ann, 1));
  REQUIRE(watched.join("k", std::vector<member>{ann, ann}, 2));
  REQUIRE(watched.update_value("k", ann, 3));
  REQUIRE(watched.leave("k", ann));
  watched.flush();
  CHECK(heard(n) ==
        std::vector<std::string>{"watched + \"k\" 1", "watched + \"k\" 2", "watched + \"k\" 2", "watched - \"k\""});
  n.end_and_wait(ann, watched);
  CHECK(heard(n) == std::vector<std::string>{"watched - \"k\"", "watched - \"k\""});
}

TEST_CASE("a listener is resolved at each delivery, and a dead or missing one does no harm", "[listeners]") {
  one_node n;
  scope_options options;
  options.name = "watched";
  options.listeners = {"audit"};
  auto watched = n.home.open_scope(options).value();
  const auto ann = n.spawn_idle();
  REQUIRE(watched.join("nobody listens", ann));
  watched.flush();
  const auto dead = n.spawn_idle();
  n.home.name_actor("audit", dead);
  n.end(dead);
  CHECK(n.home.find_named("audit") == nullptr);
  REQUIRE(watched.join("a dead one listens", ann));
  watched.flush();
  n.home.name_actor("audit", n.self);
  REQUIRE(watched.join("we listen", ann));
  watched.flush();
  n.home.forget_name("audit");
  REQUIRE(watched.join("nobody again", ann));
  watched.flush();
  CHECK(heard(n) == std::vector<std::string>{"watched + \"we listen\" null"});
  CHECK(watched.count() == 4);
}

TEST_CASE("a thread that notifies listeners of a change does not deliver all later ones", "[listeners]") {
  one_node n;
  scope_options options;
  options.name = "busy";
  options.listeners = {"audit"};
  auto busy = n.home.open_scope(options).value();
  const auto ann = n.spawn_idle();
  constexpr int last = 500;
  const auto here = std::this_thread::get_id();
  std::atomic<int> on_this_thread{0};
  std::vector<value> told;
  std::atomic<bool> done{false};
  const testing::companion audit(n.system, [&](const caf::message& what) {
    if (!what.match_elements<registered>())
      return;
    on_this_thread += std::this_thread::get_id() == here ? 1 : 0;
    const auto& data = what.get_as<registered>(0).data;
    told.push_back(data);
    if (data == value{last})
      done = true;
    else
      static_cast<void>(busy.join("k", ann, *data.as_integer() + 1));
  });
  n.home.name_actor("audit", audit.who());
  REQUIRE(busy.join("k", ann, 0));
  one_node::wait_until([&] { return done.load(); });
  CHECK(on_this_thread < last);
  std::vector<value> expected;
  for (int i = 0; i <= last; ++i)
    expected.emplace_back(i);
  CHECK(told == expected);
}

} // namespace registry
