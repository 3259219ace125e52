// By hand, see upgrade.sh: nodes of version 0.1, which speaks version 1 of the protocol, become nodes of this one.

#include <support/remote_node.hpp>
#include <support/waiting.hpp>

#include <support/catch.hpp>

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <numeric>
#include <string>
#include <vector>

using namespace cluster_tests;
using namespace registry::testing;
using namespace std::chrono_literals;

namespace {

std::string first_version() {
  const auto* path = std::getenv("FIRST_VERSION_NODE");
  if (path == nullptr)
    FAIL("FIRST_VERSION_NODE must name the program cluster_node of version 0.1: run cluster_tests/upgrade.sh");
  return path;
}

constexpr std::int64_t fixed_entries = 200; // of each node, beside those that change

void put_under_load(remote_node& x) {
  x.watch();
  x.ask(object("do", "populate", "prefix", "fixed of " + x.self() + " ", "keys", fixed_entries));
  x.ask(object("do", "start_load", "prefix", x.self(), "rate", 300, "keys", 100));
}

/// A cluster whose nodes are replaced one by one, while all of them change entries.
class upgraded_cluster {
public:
  explicit upgraded_cluster(const std::string& secret) {
    launch with;
    with.secret = secret;
    with.first_version = first_version();
    all_ = cluster_of(5, with);
    for (const auto& x : all_)
      put_under_load(*x);
    own_.assign(all_.size(), fixed_entries);
    check();
  }

  /// Replaces each node by one of this version. They are one cluster all the time.
  void replace(const std::string& secret, const std::vector<std::string>& arguments) {
    for (std::size_t i = 0; i < all_.size(); ++i) {
      CAPTURE(i, secret, arguments);
      auto& x = all_[i];
      launch with;
      with.secret = secret;
      with.listen = to_string(x->address());
      with.seeds = {all_[(i + 1) % all_.size()]->address()};
      with.arguments = arguments;
      if (i % 2 == 0)
        REQUIRE(x->stop() == 0);
      else
        x->kill();
      x = std::make_unique<remote_node>(with);
      put_under_load(*x);
      own_[i] = fixed_entries;
      REQUIRE(all_linked(all_));
      outlast(500ms); // of load on a cluster of both kinds
      check();
    }
  }

private:
  /// Compares all nodes with each other, and with what they have joined and left.
  void check() {
    for (std::size_t i = 0; i < all_.size(); ++i) {
      const auto made = all_[i]->ask(object("do", "stop_load", "prefix", all_[i]->self()));
      CHECK(number(made, "failures") == 0);
      own_[i] += number(made, "joins") - number(made, "leaves");
    }
    REQUIRE(all_equal(all_));
    for (const auto& x : all_) {
      CHECK(x->verify() == "");
      CHECK(x->count() == std::accumulate(own_.begin(), own_.end(), std::int64_t{0}));
      CHECK(x->known_peers() == all_.size() - 1);
      CHECK(x->process().is_running());
    }
    for (const auto& x : all_)
      x->ask(object("do", "start_load", "prefix", x->self(), "rate", 300, "keys", 100));
  }

  nodes all_;
  std::vector<std::int64_t> own_; ///< the entries of each
};

} // namespace

TEST_CASE("nodes of version 0.1 are replaced one by one under load, first with encryption preferred, then required",
          "[.upgrade]") {
  const auto secret = launch{}.secret;
  upgraded_cluster x{secret};
  x.replace(secret, {"--encryption=prefer"});
  x.replace(secret, {"--encryption=required"});
}

TEST_CASE("nodes of version 0.1 with a short secret are replaced one by one under load, and get a longer one",
          "[.upgrade]") {
  const std::string short_secret = "s3cret";
  const auto secret = launch{}.secret;
  upgraded_cluster x{short_secret};
  x.replace(short_secret, {"--encryption=prefer"});
  x.replace(short_secret, {"--encryption=prefer", "--other-secret=" + secret});
  x.replace(secret, {"--encryption=prefer", "--other-secret=" + short_secret});
  x.replace(secret, {"--encryption=required"});
}
