#include <registry/node/internal/incoming_message.hpp>

#include <support/fixture.hpp>

#include <caf/after.hpp>

#include <support/catch.hpp>

#include <optional>
#include <string>

namespace registry {

TEST_CASE("messages that wait count with their size, until they are delivered or dropped", "[mesh]") {
  testing::one_node n;
  constexpr std::size_t size = 100'000;
  const auto total = std::make_shared<std::atomic<std::size_t>>(0);
  const auto arrived = [&] {
    ordered_fan_out_message what{{registry::as_member(n.self)}, "rooms", 1, 2, caf::make_message(std::string(size, 'x'))};
    return std::make_shared<incoming_message>(what, total);
  };
  auto first = arrived();
  CHECK(*total == 0);
  const auto one = first->wait(n.system);
  CHECK(one > size);
  CHECK(one < size + 1000);
  auto second = arrived();
  CHECK(second->wait(n.system) == 2 * one);
  first->deliver();
  std::size_t received = 0;
  n.self->receive([&](const std::string& x) { received = x.size(); }, caf::after(std::chrono::seconds{0}) >> [] {});
  CHECK(received == size);
  first.reset();
  CHECK(*total == one);
  second.reset();
  CHECK(*total == 0);
}

} // namespace registry
