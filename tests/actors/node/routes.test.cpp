#include <registry/actor/handle.hpp>
#include <registry/node/internal/messages.hpp>
#include <registry/node/internal/routes.hpp>

#include <support/fixture.hpp>

#include <caf/after.hpp>

#include <support/catch.hpp>

#include <string>
#include <vector>

namespace registry {

TEST_CASE("the late loss of a link does not remove the route over another one", "[mesh]") {
  testing::one_node n;
  const incarnation peer{1, 2};
  const auto before = n.spawn_idle();
  routes ways;
  ways.set(peer, {before});
  ways.set(peer, {registry::as_member(n.self)});
  const auto arrived = [&] {
    ways.send(peer, {});
    bool out = false;
    n.self->receive([&](const frame_message&) { out = true; }, caf::after(std::chrono::seconds{0}) >> [] {});
    return out;
  };
  CHECK(arrived());
  ways.erase(peer, before);
  CHECK(arrived());
  ways.erase(peer, registry::as_member(n.self));
  CHECK_FALSE(arrived());
}

TEST_CASE("a message to another node is sent while the node is linked, and in bounds while it is silent", "[mesh]") {
  testing::one_node n;
  const incarnation peer{1, 2};
  const auto remote = registry::as_member(n.self);
  const std::vector<member> members{n.spawn_idle()};
  const std::string name = "rooms";
  routes ways;
  const auto send = [&] { return ways.fan_out(members, caf::make_message(1), {name, {1, 2}}); };

  CHECK_FALSE(ways.accepts(remote->node()));
  CHECK_FALSE(send());
  ways.set(peer, {remote});
  for (std::size_t i = 0; i < 2 * routes::max_waiting; ++i)
    CHECK(send());
  ways.set_silent(peer, true);
  for (std::size_t i = 0; i < routes::max_waiting; ++i)
    CHECK((ways.accepts(remote->node()) && send()));
  CHECK_FALSE(ways.accepts(remote->node()));
  CHECK_FALSE(send());
  ways.set_silent(peer, false);
  CHECK(send());
  ways.erase(peer, remote);
  CHECK_FALSE(ways.accepts(remote->node()));
  CHECK_FALSE(send());
}

TEST_CASE("a message to a node of version 2 says which changes come before it", "[mesh]") {
  testing::one_node n;
  const incarnation peer{1, 2};
  const auto remote = registry::as_member(n.self);
  const std::string name = "rooms";
  routes ways;
  const auto sent = [&](bool is_new) {
    ways.set(peer, {remote, nullptr, is_new});
    CHECK(ways.fan_out({n.spawn_idle()}, caf::make_message(1), {name, {3, 4}}));
    std::string out;
    n.self->receive([&](const fan_out_message&) { out = "old"; },
                    [&](const ordered_fan_out_message& x) {
                      out = x.scope + " " + std::to_string(x.epoch) + " " + std::to_string(x.commit);
                    });
    return out;
  };
  CHECK(sent(false) == "old");
  CHECK(sent(true) == "rooms 3 4");
}

} // namespace registry
