// docs/guides/containers.md: nodes with addresses, process ids and a resolver of their own, which get their options from the environment.

#include <support/hosts.hpp>
#include <support/waiting.hpp>

#include <registry/node/clustered_system_config.hpp>

#include <support/catch.hpp>

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

using namespace cluster_tests;
using namespace std::chrono_literals;
using registry::testing::eventually;

namespace {

/// What a cluster of containers has around it: addresses, a resolver, and a secret in a volume.
class platform {
public:
  explicit platform(std::size_t hosts) : net_(hosts) {
    std::filesystem::create_directories(folder_ / "..data");
    std::ofstream{folder_ / "..data" / "secret"} << "0123456789abcdef0123456789abcdef\n";
    std::filesystem::create_symlink("..data/secret", folder_ / "secret"); // as Kubernetes does
    permit(0440);
    resolve({});
  }
  platform(const platform&) = delete;
  platform& operator=(const platform&) = delete;
  ~platform() { std::filesystem::remove_all(folder_); }

  /// The name of the seed has the addresses of these hosts from now on.
  void resolve(const std::vector<std::size_t>& hosts) const {
    std::ofstream out{folder_ / "hosts"}; // the file that the processes have mounted
    out << "127.0.0.1 localhost\n";
    for (const auto host : hosts)
      out << network::address(host) << " worker.cluster.test\n";
  }

  void permit(::mode_t mode) const { ::chmod((folder_ / "..data" / "secret").c_str(), mode); }

  /// A container on a host.
  [[nodiscard]] std::unique_ptr<child_process> start(std::size_t host) const {
    auto where = net_.on(host);
    where.own_pids = true;
    where.hosts = folder_ / "hosts";
    where.environment = {"REGISTRY_LISTEN=0.0.0.0:4700",
                         "REGISTRY_ADVERTISE=" + address(host),
                         "REGISTRY_SEEDS=worker.cluster.test:4700",
                         "REGISTRY_SECRET_FILE=" + (folder_ / "secret").string(),
                         "REGISTRY_SUSPECT_AFTER=1min",
                         "REGISTRY_DOWN_AFTER=2min",
                         "KUBERNETES_PORT=tcp://10.96.0.1:443"};
    return std::make_unique<child_process>(std::vector<std::string>{CONTAINER_PROGRAM}, where);
  }

  static std::string address(std::size_t host) { return network::address(host) + ":4700"; }

private:
  const std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / ("containers_test." + std::to_string(::getpid()));
  network net_;
};

bool says(const child_process& x, const std::string& text) {
  return x.log().find(text) != std::string::npos;
}

/// Whether a node has told that another one is linked, or gone, since its start.
bool tells(const child_process& x, std::size_t host, const std::string& what) {
  const auto log = x.log();
  std::istringstream lines{log};
  for (std::string line; std::getline(lines, line);) {
    if (line.find("node " + platform::address(host) + " (") != std::string::npos && line.find(what) != std::string::npos)
      return true;
  }
  return false;
}

} // namespace

TEST_CASE("containers find each other by a name with several addresses, and say goodbye on SIGTERM", "[containers]") {
  if (network_is_missing())
    return;
  const platform around{3};
  std::vector<std::unique_ptr<child_process>> all;
  for (std::size_t host = 0; host < 3; ++host)
    all.push_back(around.start(host));
  // None of them is ready, so the name has no address yet; and that is said.
  for (const auto& x : all) {
    REQUIRE(eventually([&] { return says(*x, "no link with seed worker.cluster.test:4700: it does not answer"); }));
    CHECK(says(*x, "cannot look up the name: "));
  }
  around.resolve({0, 1, 2});
  const auto knows_the_others = [&](std::size_t host) {
    return eventually([&] {
      return std::ranges::all_of(std::vector<std::size_t>{0, 1, 2},
                                 [&](auto other) { return other == host || tells(*all[host], other, "is linked"); });
    });
  };
  for (std::size_t host = 0; host < 3; ++host)
    CHECK(knows_the_others(host));

  all[1]->signal(SIGTERM);
  CHECK(all[1]->wait(1min) == 0);
  CHECK(eventually([&] { return tells(*all[0], 1, "is gone: it has left the cluster"); }));
  CHECK(eventually([&] { return tells(*all[2], 1, "is gone: it has left the cluster"); }));

  // What comes in its place is another node.
  all[1] = around.start(1);
  CHECK(knows_the_others(1));
  for (const auto& x : all)
    CHECK_FALSE(says(*x, "0123456789abcdef"));
}

TEST_CASE("a container with a secret that everybody may read does not start, and says why", "[containers]") {
  if (network_is_missing())
    return;
  const platform around{1};
  around.permit(0644); // the default of Kubernetes
  const auto x = around.start(0);
  CHECK(x->wait(1min) == 1);
  CHECK(says(
      *x, "the environment variable REGISTRY_SECRET_FILE names a file that everybody on this machine may read or change"));
}

TEST_CASE("the manifest of the guide names variables that there are", "[containers]") {
  std::ifstream in{CONTAINER_MANIFEST};
  REQUIRE(in);
  const auto options = registry::clustered_system_config{}.options();
  std::size_t found = 0;
  for (std::string line; std::getline(in, line);) {
    const auto begin = line.find("name: REGISTRY_");
    if (begin == std::string::npos)
      continue;
    ++found;
    const auto name = line.substr(begin + 6);
    CAPTURE(name);
    CHECK(std::ranges::any_of(options, [&](const auto& x) { return x.variable == name; }));
  }
  CHECK(found == 4);
}
