#include <registry/caf/internal/frame_channel.hpp>
#include <registry/caf/internal/middleman.hpp>
#include <registry/caf/internal/node_name.hpp>
#include <registry/link/internal/frame_record.hpp>
#include <registry/node/clustered_system_config.hpp>
#include <registry/wire/internal/codec.hpp>

#include <link/record_pipe.hpp>

#include <caf/actor_system.hpp>
#include <caf/node_id.hpp>

#include <support/catch.hpp>
#include <support/effort.hpp>
#include <support/seed.hpp>
#include <support/waiting.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace registry {

namespace {

using pace = internal::frame_channel::pace;

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
  testing::record_pipe pipe;
  CHECK_FALSE(x.channel->send({}));
  int wakes = 0;
  x.channel->open(pipe.output, [&](bool) { ++wakes; }, [] {});
  CHECK(x.channel->send({}));
  CHECK(x.channel->send_heartbeat({}));
  CHECK(wakes == 1);
  x.channel->pull();
  pipe.output->write();
  CHECK(pipe.read().size() == 1);
  CHECK(pipe.heartbeats.size() == 1);
  CHECK(x.channel->send({}));
  CHECK(wakes == 2);
  x.channel->close();
  CHECK_FALSE(x.channel->send({}));
  CHECK_FALSE(x.channel->send({}, pace::at_once));
  CHECK_FALSE(x.channel->send_heartbeat({}));
  x.channel->pull();
  CHECK(pipe.output->write() == link_output::progress::done);
  CHECK(pipe.read().empty());
}

TEST_CASE("what a channel is given behind a fence is taken by itself") {
  channel_fixture x;
  testing::record_pipe pipe;
  std::vector<bool> wakes;
  x.channel->open(pipe.output, [&](bool behind) { wakes.push_back(behind); }, [] {});
  const auto taken = [&] {
    x.channel->pull();
    pipe.output->write();
    return pipe.read().size();
  };
  x.channel->send({});
  x.channel->fence();
  CHECK(wakes == std::vector{false});
  x.channel->send({}, pace::at_once);
  x.channel->send_heartbeat({});
  CHECK(wakes == std::vector{false, true});
  CHECK(taken() == 1);
  CHECK(pipe.heartbeats.empty());
  CHECK(taken() == 1);
  CHECK(pipe.heartbeats.size() == 1);
  CHECK(taken() == 0);
  x.channel->send({});
  CHECK(wakes == std::vector{false, true, false});
}

TEST_CASE("an urgent frame is written by the thread that sends it, unless something is before it") {
  channel_fixture x;
  testing::record_pipe pipe;
  int wakes = 0;
  x.channel->open(pipe.output, [&](bool) { ++wakes; }, [] {});
  CHECK(x.channel->send({}, pace::at_once));
  CHECK(wakes == 0);
  CHECK(pipe.read().size() == 1);
  SECTION("in the channel") {
    x.channel->send({});
    CHECK(wakes == 1);
  }
  SECTION("in CAF") {
    x.channel->fence();
  }
  x.channel->send({}, pace::at_once);
  CHECK(wakes == 1);
  CHECK(pipe.read().empty());
}

namespace {

/// A channel that may apply frames itself.
struct applying_fixture : channel_fixture {
  applying_fixture() { applying->begin_applying(); }

  /// A frame of this size is read.
  std::string read(std::size_t size = 100) {
    const auto* fault = applying->received_frame(encode(frame_record{}, std::vector<std::byte>(size)), basp_limits{});
    return fault == nullptr ? "" : fault;
  }

  int applied = 0;
  int passed_on = 0;
  std::optional<bool> verdict = true;
  std::function<void()> when_applied = [] {};
  std::shared_ptr<internal::frame_channel> applying = internal::middleman{system}.channel(
      node(1), {[this](const std::string&, const std::vector<member>&) { ++passed_on; }, [](const std::string&) {},
                [this](const frame&) {
                  when_applied();
                  applied += verdict ? 1 : 0;
                  return verdict;
                }});
};

} // namespace

TEST_CASE("small frames are applied where they are read, while the link's actor says so") {
  applying_fixture x;
  CHECK(x.read().empty());
  CHECK(x.applied == 1);
  x.applying->stop_applying();
  CHECK(x.read().empty());
  CHECK(x.applied == 1);
  CHECK(x.passed_on == 1);
  x.applying->frame_handled(0);
  x.applying->begin_applying();
  CHECK(x.read().empty());
  CHECK(x.applied == 2);
}

TEST_CASE("no frame is applied before those that are with the link's actor") {
  applying_fixture x;
  SECTION("as it is large") {
    x.read(10'000);
  }
  SECTION("as the scope could not take it at once") {
    x.verdict.reset();
    x.read();
    x.verdict = true;
  }
  SECTION("since it is behind a message of CAF") {
    x.applying->received_message();
    x.read();
  }
  CHECK(x.applied == 0);
  CHECK(x.passed_on == 1);
  x.read();
  x.applying->frame_handled(0);
  x.read();
  CHECK(x.applied == 0);
  CHECK(x.passed_on == 3);
  x.applying->frame_handled(0);
  x.applying->frame_handled(0);
  x.applying->frame_handled(0); // one that has come through CAF
  x.read();
  CHECK(x.applied == 1);
  CHECK(x.passed_on == 3);
}

TEST_CASE("a peer waits while the link's actor does not keep up with its frames") {
  constexpr std::size_t megabyte = std::size_t{1} << 20;
  channel_fixture x;
  testing::record_pipe pipe;
  int resumed = 0;
  x.channel->open(pipe.output, [](bool) {}, [&] { ++resumed; });
  const auto record = encode(frame_record{}, std::vector<std::byte>(megabyte));
  const auto receive = [&] { REQUIRE(x.channel->received_frame(record, {}) == nullptr); };
  for (int i = 0; i < 4; ++i)
    receive();
  CHECK_FALSE(x.channel->is_full());
  receive();
  CHECK(x.channel->is_full());
  for (int left = 4; left > 2; --left)
    x.channel->frame_handled(megabyte);
  CHECK(resumed == 0);
  x.channel->frame_handled(megabyte);
  CHECK(resumed == 1);
  CHECK_FALSE(x.channel->is_full());
  x.channel->frame_handled(3 * megabyte); // some have come through CAF
  CHECK(resumed == 1);
  for (int i = 0; i < 5; ++i)
    receive();
  CHECK(x.channel->is_full());
  x.channel->close();
  x.channel->frame_handled(5 * megabyte);
  CHECK(resumed == 1);
}

TEST_CASE("of the frames that are read at a time some are applied where they are read") {
  applying_fixture x;
  for (int turn = 1; turn <= 2; ++turn) {
    x.applying->begin_turn();
    for (int i = 0; i < 200; ++i)
      x.read();
    for (; x.passed_on > 0; --x.passed_on)
      x.applying->frame_handled(0);
    CHECK(x.applied == 64 * turn);
  }
}

TEST_CASE("a malformed frame is a fault where it is applied") {
  applying_fixture x;
  x.verdict = false;
  CHECK(x.read() == "a malformed frame");
  CHECK(x.passed_on == 0);
}

TEST_CASE("what frames leave behind is destroyed by a worker of the scheduler") {
  applying_fixture x;
  std::atomic<bool> is_called{false};
  std::atomic<bool> is_destroyed_here{false};
  std::atomic<int> destroyed{0};
  const auto here = std::this_thread::get_id();
  const auto make = [&] {
    return std::shared_ptr<int>(new int, [&](const int* content) {
      delete content;
      is_destroyed_here = is_destroyed_here || std::this_thread::get_id() == here;
      ++destroyed;
    });
  };
  x.when_applied = [&] {
    internal::deferral::keep(make());
    internal::deferral::later([&, kept = make()] { is_called = std::this_thread::get_id() == here && destroyed == 0; });
  };
  SECTION("if they are applied where they are read") {
    x.verdict = true;
  }
  SECTION("if they are passed on") {
    x.verdict.reset();
  }
  x.read();
  CHECK(is_called);
  CHECK(testing::eventually([&] { return destroyed == 2; }));
  CHECK_FALSE(is_destroyed_here);
}

TEST_CASE("the rest of a frame that a full socket takes a part of does not let later ones pass their fence") {
  channel_fixture x;
  testing::record_pipe pipe;
  int wakes = 0;
  x.channel->open(pipe.output, [&](bool) { ++wakes; }, [] {});
  auto content = encode_frame("scope", refused_message{});
  content.bytes.resize(5'000);
  std::size_t sent = 0;
  while (wakes == 0) {
    REQUIRE(x.channel->send(content, pace::at_once));
    ++sent;
  }
  x.channel->fence();
  x.channel->send({});
  CHECK(wakes == 2);
  const auto frames_after_pull = [&] {
    x.channel->pull();
    std::size_t out = 0;
    for (bool done = false; !done; out += pipe.read().size())
      done = pipe.output->write() == link_output::progress::done;
    return out;
  };
  CHECK(frames_after_pull() == sent);
  CHECK(frames_after_pull() == 1);
}

TEST_CASE("frames of a scope keep their order while threads write them and the peer reads slowly") {
  const auto seed = testing::seed();
  CAPTURE(seed);
  const auto rounds = static_cast<std::uint64_t>(testing::repetitions(2'000));
  channel_fixture x;
  testing::record_pipe pipe;
  std::mutex lock;
  std::size_t pulls = 0; // asked for
  x.channel->open(
      pipe.output,
      [&](bool) {
        const std::lock_guard guard(lock);
        ++pulls;
      },
      [] {});
  const auto send_all = [&](const std::string& scope, std::mt19937_64 random) {
    for (std::uint64_t i = 1; i <= rounds; ++i) {
      auto content = encode_frame(scope, refused_message{{1, i}, refusal::not_open});
      content.bytes.resize(content.bytes.size() + random() % 500);
      x.channel->send(content, random() % 8 == 0 ? pace::soon : pace::at_once);
      if (random() % 32 == 0)
        x.channel->fence();
    }
  };
  std::jthread first{[&] { send_all("first", std::mt19937_64{seed}); }};
  std::jthread second{[&] { send_all("second", std::mt19937_64{seed + 1}); }};
  // This thread is the multiplexer's, and the peer.
  std::map<std::string, std::vector<std::uint64_t>> seen;
  std::mt19937_64 random{seed + 2};
  const auto turn = [&] {
    const bool asked = [&] {
      const std::lock_guard guard(lock);
      return std::exchange(pulls, pulls > 0 ? pulls - 1 : 0) > 0;
    }();
    if (asked)
      x.channel->pull();
    CHECK(pipe.output->write() != link_output::progress::failed);
    for (const auto& one : pipe.read(random() % 10'000)) {
      const auto record = decode_frame_record(one, 0);
      const auto whole = record.value().frame;
      frame read{{whole.begin(), whole.end()}, {}};
      auto& of_scope = seen[std::string{scope_of(read).value()}];
      of_scope.push_back(of_scope.size() + 1);
      const auto number = encode_frame(scope_of(read).value(), refused_message{{1, of_scope.size()}, refusal::not_open});
      if (!std::equal(number.bytes.begin(), number.bytes.end(), read.bytes.begin()))
        of_scope.back() = 0;
    }
    return seen["first"].size() == rounds && seen["second"].size() == rounds;
  };
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::minutes{1};
  while (!turn() && std::chrono::steady_clock::now() < deadline) {
  }
  for (const auto& [scope, numbers] : seen) {
    CHECK(numbers.size() == rounds);
    CHECK(std::ranges::count(numbers, 0) == 0);
  }
}

} // namespace registry
