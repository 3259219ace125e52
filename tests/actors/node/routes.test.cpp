#include <registry/actor/handle.hpp>
#include <registry/node/internal/messages.hpp>
#include <registry/node/internal/routes.hpp>

#include <support/fixture.hpp>

#include <caf/after.hpp>

#include <support/catch.hpp>

namespace registry {

TEST_CASE("the late loss of a link does not remove the route over another one", "[mesh]") {
  testing::one_node n;
  const incarnation peer{1, 2};
  const auto before = n.spawn_idle();
  routes ways;
  ways.set(peer, before);
  ways.set(peer, registry::as_member(n.self));
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

} // namespace registry
