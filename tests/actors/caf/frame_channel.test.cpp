#include <registry/caf/internal/frame_channel.hpp>
#include <registry/caf/internal/middleman.hpp>
#include <registry/caf/internal/node_name.hpp>
#include <registry/link/internal/frame_record.hpp>
#include <registry/node/clustered_system_config.hpp>

#include <caf/actor_system.hpp>
#include <caf/node_id.hpp>

#include <support/catch.hpp>

#include <string>
#include <vector>

namespace registry {

namespace {

struct channel_fixture {
  /// A name of another node, as CAF has it.
  [[nodiscard]] std::string node(int number) const {
    const auto own = to_string(system.node());
    return own.substr(0, own.find('#') + 1) + std::to_string(number);
  }

  clustered_system_config config;
  caf::actor_system system{config};
  std::size_t frames = 0;
  std::shared_ptr<internal::frame_channel> channel = internal::middleman{system}.channel(
      node(1), {[this](const std::string&, const std::vector<member>&) { ++frames; }, [](const std::string&) {}});
};

} // namespace

TEST_CASE("the frames of a peer may name some third nodes, and no more") {
  channel_fixture x;
  basp_limits limits;
  limits.nodes = 3;
  const auto fault_of = [&](int node) {
    frame_record about;
    about.nodes = {internal::encoded_node(x.system, x.node(node))};
    const auto* fault = x.channel->received_frame(encode(about, {}), limits);
    return std::string{fault == nullptr ? "" : fault};
  };
  for (const auto node : {2, 3, 4, 2, 3})
    CHECK(fault_of(node).empty());
  CHECK(x.frames == 5);
  CHECK(fault_of(5) == "frames that name too many nodes");
  CHECK(x.frames == 5);
}

TEST_CASE("a frame may name as many actors as a message, and no more") {
  channel_fixture x;
  basp_limits limits;
  limits.handles = 2;
  frame_record about;
  about.actors = {{frame_record::sender, 1}, {frame_record::sender, 2}};
  CHECK(x.channel->received_frame(encode(about, {}), limits) == nullptr);
  about.actors.push_back({frame_record::sender, 3});
  CHECK(x.channel->received_frame(encode(about, {}), limits) == std::string{"a malformed record of a frame"});
  CHECK(x.frames == 1);
}

TEST_CASE("a channel takes nothing before its connection is made, and after it has ended") {
  channel_fixture x;
  CHECK_FALSE(x.channel->send({}));
  int wakes = 0;
  x.channel->open([&] { ++wakes; });
  CHECK(x.channel->send({}));
  CHECK(x.channel->send_heartbeat({}));
  CHECK(wakes == 1);
  const auto waiting = x.channel->take();
  CHECK(waiting.frames.size() == 1);
  CHECK(waiting.heartbeats.size() == 1);
  CHECK(x.channel->send({}));
  CHECK(wakes == 2);
  x.channel->close();
  CHECK_FALSE(x.channel->send({}));
  CHECK_FALSE(x.channel->send_heartbeat({}));
  CHECK(x.channel->take().frames.empty());
}

TEST_CASE("what a channel is given behind a fence is taken by itself") {
  channel_fixture x;
  int wakes = 0;
  x.channel->open([&] { ++wakes; });
  x.channel->send({});
  x.channel->fence();
  CHECK(wakes == 1);
  x.channel->send({});
  x.channel->send_heartbeat({});
  CHECK(wakes == 2);
  CHECK(x.channel->take().frames.size() == 1);
  const auto behind = x.channel->take();
  CHECK(behind.frames.size() == 1);
  CHECK(behind.heartbeats.size() == 1);
  CHECK(x.channel->take().frames.empty());
  x.channel->send({});
  CHECK(wakes == 3);
}

} // namespace registry
