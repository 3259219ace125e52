#include <support/fixture.hpp>

#include <registry/actor/handle.hpp>
#include <registry/compat/error.hpp>

#include <support/catch.hpp>

namespace registry {

TEST_CASE("errors survive the way to CAF and back", "[compat]") {
  testing::one_node n;
  const auto ann = n.spawn_idle();
  const auto held = compat::from_caf(compat::to_caf(error::held_by(ann)));
  REQUIRE(held);
  CHECK(*held == errc::already_registered);
  CHECK(held->holder() == ann);
  const auto told = compat::from_caf(compat::to_caf(error(errc::not_joined, "join first")));
  REQUIRE(told);
  CHECK(told->message() == "join first");
  CHECK_FALSE(compat::from_caf(caf::error{}));
  CHECK_FALSE(compat::from_caf(caf::make_error(caf::sec::request_timeout)));
}

TEST_CASE("CAF renders errors of the registry", "[compat]") {
  testing::one_node n;
  const auto text = compat::render(n.system, compat::to_caf(errc::not_joined));
  CHECK(text.find("not_joined") != std::string::npos);
}

TEST_CASE("a terminated actor is not alive", "[compat]") {
  testing::one_node n;
  const auto ann = n.spawn_idle();
  CHECK(registry::is_alive(ann));
  n.end(ann);
  CHECK_FALSE(registry::is_alive(ann));
  CHECK_FALSE(registry::is_alive(nullptr));
}

} // namespace registry
