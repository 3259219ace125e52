#include <support/joining_notice.hpp>

#include <registry/node/clustered_system_config.hpp>

#include <support/waiting.hpp>

#include <support/catch.hpp>

#include <mutex>
#include <string>
#include <vector>

namespace {

using registry::testing::eventually;

registry::cluster_options at(const std::string& listen, const std::vector<std::string>& seeds) {
  registry::cluster_options out;
  out.listen = listen;
  out.seeds = seeds;
  return out;
}

struct local_node {
  explicit local_node(const registry::cluster_options& options) : home(registry::node::start(system, options).value()) {}

  registry::clustered_system_config config;
  caf::actor_system system{config};
  registry::node home;
};

/// The lines that are told, from any thread.
struct notes {
  void add(std::string_view text) {
    const std::lock_guard lock{mutex};
    all.emplace_back(text);
  }
  std::vector<std::string> now() {
    const std::lock_guard lock{mutex};
    return all;
  }

  std::mutex mutex;
  std::vector<std::string> all;
};

} // namespace

TEST_CASE("a node whose seed is missing says so, and says when it has joined", "[joining_notice]") {
  std::string address;
  {
    const local_node gone{at("127.0.0.1:0", {})};
    address = to_string(*gone.home.address());
  }
  notes told; // outlives the node
  local_node late{at("127.0.0.1:0", {address})};
  support::tell_of_joining(late.system, late.home, [&](std::string_view text) { told.add(text); });
  REQUIRE(eventually([&] { return !told.now().empty(); }));
  CHECK(told.now().front().starts_with("still waiting for the cluster: "));
  CHECK(told.now().front().find("seed " + address) != std::string::npos);
  const local_node seed{at(address, {})};
  REQUIRE(eventually([&] { return told.now().size() == 2; }));
  CHECK(told.now().back() == "has joined the cluster");
}

TEST_CASE("a node that ends before it has joined says nothing more", "[joining_notice]") {
  notes told;
  {
    local_node lonely{at("127.0.0.1:0", {"127.0.0.1:1"})};
    support::tell_of_joining(lonely.system, lonely.home, [&](std::string_view text) { told.add(text); });
    lonely.home.stop();
  }
  CHECK(told.now().empty());
}
