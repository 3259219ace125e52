#include <libregistry/replica/cluster.hpp>
#include <support/effort.hpp>
#include <support/random_value.hpp>
#include <support/seed.hpp>

#include <support/catch.hpp>

#include <random>

namespace registry {

namespace {

using testing::random_below;
using testing::replica_cluster;

constexpr std::uint8_t nodes = 3;

/// Three nodes under random changes, broken links, slow readers, restarts and late frames.
class soak {
public:
  explicit soak(std::uint64_t seed) : random_(seed), cluster_(bounds()) {
    cluster_.fresh_handles = below(2) == 0;
    if (below(2) == 0)
      cluster_.unobserved = {nodes};
    for (std::uint8_t i = 1; i <= nodes; ++i)
      cluster_.open(i);
  }

  void step() {
    const auto a = static_cast<std::uint8_t>(1 + below(nodes));
    const auto b = static_cast<std::uint8_t>(1 + (a + below(nodes - 1)) % nodes);
    auto& node = cluster_[a];
    const value key{below(5)};
    switch (below(40)) {
    case 0:
    case 1:
    case 2:
      cluster_.disconnect(a, b);
      break;
    case 3:
    case 4:
    case 5:
      cluster_.connect(a, b, below(2) == 0 ? handle_state::lost : handle_state::kept);
      break;
    case 6:
      cluster_.hold(a, b, true);
      break;
    case 7:
    case 8:
      cluster_.hold(a, b, false);
      break;
    case 9:
      cluster_.pass(1);
      break;
    case 10:
      late();
      break;
    case 11:
      restart(a);
      break;
    case 12:
      // Only one side considers the other lost.
      node.r.peer_down(cluster_[b].name(), reason::node_down);
      node.r.peer_up(cluster_[b].name());
      break;
    case 23:
      // A temporary silence on one side, with the link as it was.
      if (cluster_.linked(a, b)) {
        node.r.peer_suspect(cluster_[b].name());
        if (below(2) == 0)
          cluster_.step();
        node.r.peer_alive_again(cluster_[b].name());
      }
      break;
    case 13:
      node.exit(below(10));
      break;
    case 14:
    case 15:
    case 16:
      node.leave(key, below(10));
      break;
    case 17:
    case 18:
    case 19:
      node.update(key, below(10), value{below(100)});
      break;
    case 20:
    case 21:
    case 22:
      node.join(key, below(10), std::string(below(300), 'x'));
      break;
    default:
      cluster_.step();
    }
  }

  /// All links are up, all nodes read, and a little time passes.
  void heal() {
    for (std::uint8_t a = 1; a <= nodes; ++a) {
      for (std::uint8_t b = 1; b <= nodes; ++b) {
        cluster_.hold(a, b, false);
        if (a < b && !cluster_.linked(a, b))
          cluster_.connect(a, b);
      }
    }
    cluster_.pass(15);
  }

  [[nodiscard]] const replica_cluster& cluster() const { return cluster_; }

private:
  static replica_options bounds() {
    replica_options out;
    out.window = 1500;
    out.acknowledge_after = 300;
    out.frame_size = 300;
    out.journal_bytes = 3000;
    return out;
  }

  std::size_t below(std::size_t bound) { return random_below(random_, bound); }

  void restart(std::uint8_t number) {
    switch (below(3)) {
    case 0:
      cluster_.close(number);
      cluster_.open(number, key_mode::duplicate, runs_[number]);
      break;
    case 1:
      cluster_.open(number, key_mode::duplicate, runs_[number]);
      break;
    default:
      cluster_.kill(number);
      cluster_.lost.clear(); // they were from another process
      cluster_.open(number, key_mode::duplicate, ++runs_[number]);
    }
  }

  /// A frame of a lost link arrives after all.
  void late() {
    if (cluster_.lost.empty())
      return;
    const auto& [way, x] = cluster_.lost[below(cluster_.lost.size())];
    static_cast<void>(cluster_[way.second].r.receive(cluster_[way.first].name(), x));
  }

  std::mt19937_64 random_;
  replica_cluster cluster_;
  std::map<std::uint8_t, std::uint64_t> runs_{{1, 1}, {2, 1}, {3, 1}};
};

} // namespace

TEST_CASE("three nodes agree when their links are back, and the events add up", "[replica][soak]") {
  const auto seed = testing::seed();
  for (std::uint64_t round = 0; round < testing::repetitions(150); ++round) {
    CAPTURE(seed, round);
    soak s{seed + round};
    for (int phase = 0; phase < 3; ++phase) {
      for (int i = 0; i < 200; ++i)
        s.step();
      s.heal();
      CAPTURE(phase);
      REQUIRE(s.cluster().converged());
    }
  }
}

} // namespace registry
