// What is seen of a node that is stopped at any time of the life of its links.

#include <node/clustered_node.hpp>
#include <support/captured_log.hpp>
#include <support/effort.hpp>
#include <support/waiting.hpp>

#include <link/raw_peer.hpp>
#include <link/recorder.hpp>

#include <registry/link/internal/proof.hpp>

#include <support/catch.hpp>

#include <chrono>
#include <string>
#include <utility>

namespace registry {

using namespace std::chrono_literals;
using testing::captured_log;
using testing::clustered_node;
using testing::eventually;
using testing::loopback;

TEST_CASE("a node that is stopped at any time after its start has left, or was never seen", "[mesh][leaving]") {
  const bool dials = GENERATE(true, false); // or is dialled
  const auto times = testing::repetitions(40);
  for (std::uint64_t i = 0; i < times; ++i) {
    const auto after = std::chrono::microseconds{i * 20'000 / times};
    CAPTURE(dials, after.count());
    const captured_log log;
    clustered_node first{loopback()};
    clustered_node second{loopback({*first.home.address()})};
    auto& ending = dials ? second.home : first.home;
    const auto& staying = dials ? first.home : second.home;
    const auto label = "node " + to_string(*ending.address()) + " (" + to_string(ending.self()).substr(0, 8) + ") is ";
    const auto begin = std::chrono::steady_clock::now();
    while (std::chrono::steady_clock::now() - begin < after) {
    }
    ending.stop();
    CHECK(eventually([&] { return staying.peers().empty(); }));
    CHECK(eventually([&] { return log.count(label + "linked") == log.count(label + "gone: it has left the cluster"); }));
    CHECK(log.count("[warning]") == 0);
  }
}

TEST_CASE("a node that is stopped does not wait for a peer that never answers, which is never seen", "[mesh][leaving]") {
  const captured_log log;
  auto options = loopback();
  options.encryption = "none";
  clustered_node node{options};
  auto identity = testing::identity(1);
  identity.cluster = options.name;
  identity.secret = options.secret;
  const testing::raw_peer peer{*node.home.address()};
  auto talk = handshake::dialler(identity, make_nonce().value(), 1, [](auto&, auto) { return std::nullopt; });
  peer.shake_hands(talk);
  REQUIRE(talk.succeeded());
  REQUIRE_FALSE(peer.receive(1).empty()); // CAF's handshake: the node has taken the link
  CHECK(node.home.peers().empty());
  const auto begin = std::chrono::steady_clock::now();
  node.home.stop();
  CHECK(std::chrono::steady_clock::now() - begin < testing::when_busy(3s));
  static_cast<void>(peer.receive_all());
  CHECK(log.count("is linked") == 0);
  CHECK(log.count("[warning]") == 0);
}

} // namespace registry
