#include <registry/actor/handle.hpp>
#include <registry/scope/internal/scope_content.hpp>

#include <support/captured_log.hpp>

#include <support/catch.hpp>

#include <memory>
#include <string>

namespace registry {

namespace {

constexpr incarnation origin_of_entries{1, 2};

/// Knows the name of one peer.
struct naming_peers final : peer_sender {
  void send(const incarnation&, frame) override {}
  [[nodiscard]] bool accepts(const caf::node_id&) const override { return false; }
  bool fan_out(std::vector<member>, const caf::message&, const changes_before&) override { return false; }
  [[nodiscard]] std::string describe(const incarnation& peer) const override {
    return peer == origin_of_entries ? "ann:4700 (0001)" : to_string(peer);
  }
};

} // namespace

TEST_CASE("what concerns a peer is logged with its name, and what may come often once a minute", "[log]") {
  const testing::captured_log log;
  scope_content content{"rooms", {key_mode::duplicate, 10, is_alive}, std::make_shared<naming_peers>()};
  content.warn(origin_of_entries, "no");
  content.warn(origin_of_entries, "no");
  CHECK(log.count("[warning] scope 'rooms', node ann:4700 (0001): no") == 2);
  for (int i = 0; i < 10; ++i) {
    content.note(origin_of_entries, "slow");
    content.note({3, 4}, "slow");
    content.note(origin_of_entries, "apart");
  }
  CHECK(log.count("[warning] scope 'rooms', node ann:4700 (0001): slow") == 1);
  CHECK(log.count("[warning] scope 'rooms', node " + to_string(incarnation{3, 4}) + ": slow") == 1);
  CHECK(log.count("[warning] scope 'rooms', node ann:4700 (0001): apart") == 1);
}

} // namespace registry
