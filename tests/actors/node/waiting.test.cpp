// What waits for a peer that does not read.

#include <node/clustered_node.hpp>
#include <support/captured_log.hpp>
#include <support/waiting.hpp>

#include <registry/actor/tell.hpp>

#include <caf/io/middleman.hpp>
#include <caf/io/network/default_multiplexer.hpp>

#include <support/catch.hpp>

#include <future>
#include <string>

namespace registry {

using testing::captured_log;
using testing::clustered_node;
using testing::eventually;
using testing::loopback;

namespace {

/// Keeps the thread that reads a node's connections from doing anything.
class held_reader {
public:
  explicit held_reader(clustered_node& of) {
    auto& reader = static_cast<caf::io::network::default_multiplexer&>(of.system.middleman().backend());
    reader.post([held = end_.get_future().share()] { held.wait(); });
  }
  held_reader(const held_reader&) = delete;
  held_reader& operator=(const held_reader&) = delete;
  ~held_reader() { end_.set_value(); }

private:
  std::promise<void> end_;
};

} // namespace

TEST_CASE("the link with a node that reads nothing ends when more waits for it than may", "[mesh]") {
  const captured_log log;
  auto options = loopback();
  options.max_message = std::uint64_t{1} << 20U;
  options.max_waiting = std::uint64_t{2} << 20U;
  clustered_node a{options};
  clustered_node b{loopback({*a.home.address()})};
  REQUIRE(b.rooms.join("slow", b.spawn_idle()));
  REQUIRE(eventually([&] { return a.rooms.count("slow") == 1; }));
  const auto who = a.rooms.lookup("slow")[0].who;
  {
    const held_reader holds{b};
    const std::string large(500'000, 'x');
    // The system takes a few megabytes.
    for (int i = 0; i < 100; ++i)
      registry::tell(who, large);
    CHECK(eventually([&] { return log.count("ends: more than 2097152 bytes wait to be sent to it") == 1; }));
  }
  // They link again.
  CHECK(eventually([&] { return !a.home.peers().empty() && a.home.peers()[0].reachable && a.rooms.count("slow") == 1; }));
}

} // namespace registry
