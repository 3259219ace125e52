#include <apps/dispatch/support/processes.hpp>

#include <support/catch.hpp>
#include <support/child_process.hpp>
#include <support/effort.hpp>
#include <support/proxy.hpp>
#include <support/seed.hpp>
#include <support/waiting.hpp>

#include <registry/membership/address.hpp>
#include <registry/value/value.hpp>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace {

using namespace dispatch::testing;
using cluster_tests::child_process;
using cluster_tests::proxy;
using registry::testing::outlast;
using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;

constexpr int nodes = 5;
constexpr int places_of_node = 4;
constexpr auto limit_for_commands = 5s;

class random_source {
public:
  explicit random_source(std::uint64_t seed) : engine_(seed) {}
  int up_to(int most) { return std::uniform_int_distribution<int>{0, most}(engine_); }
  std::chrono::milliseconds time(int least, int most) { return std::chrono::milliseconds{least + up_to(most - least)}; }

private:
  std::mt19937_64 engine_;
};

/// What a submission has to do in so many seconds: 4 of 10 jobs take no time, 4 sleep, and 2 are commands, of which some start
/// others and some heed no SIGTERM.
std::string jobs_for(std::chrono::seconds time, int count, random_source& random) {
  const auto mean =
      static_cast<int>(1'000 * time.count() * nodes * places_of_node / count); // of those that take time, in ms
  std::string out;
  for (int id = 1; id <= count; ++id) {
    const auto ms = random.up_to(2 * mean);
    const auto seconds = std::to_string(ms / 1'000) + "." + std::to_string(1'000 + ms % 1'000).substr(1);
    std::string work = R"("work": "sum", "numbers": [)" + std::to_string(id) + "]";
    switch (const auto kind = random.up_to(9); kind) {
    case 0:
    case 1:
    case 2:
    case 3:
      work = R"("work": "sleep", "ms": )" + std::to_string(ms);
      break;
    case 4:
    case 5:
      work = R"("command": ["/bin/sh", "-c", ")" + std::string{random.up_to(3) == 0 ? "trap '' TERM; " : ""} + "sleep " +
             seconds + (random.up_to(2) == 0 ? " | cat" : "") + "; echo " + std::to_string(id) + R"("])";
      break;
    default:
      break;
    }
    out += R"({"id": )" + std::to_string(id) + ", " + work + "}\n";
  }
  return out;
}

/// A node with a worker, which all others reach through a proxy, and its successors.
class worker_node {
public:
  worker_node(int number, const std::vector<std::unique_ptr<proxy>>& ways, std::string seeds)
      : number_(number), way_(ways[static_cast<std::size_t>(number)].get()), seeds_(std::move(seeds)) {
    start();
  }

  /// Whether it was ready within a minute.
  void start() {
    mark_ = "chaos-" + std::to_string(number_) + "-" + std::to_string(++lives_);
    std::vector<std::string> command{DISPATCH_PROGRAM, "worker",
                                     "--queue=q",      "--capacity=" + std::to_string(places_of_node),
                                     "--log=info",     "--registry.advertise=" + to_string(way_->address())};
    for (auto& each : node_options(seeds_))
      command.push_back(std::move(each));
    process_ = std::make_unique<child_process>(
        command, child_process::surroundings{.network = -1, .own_pids = false, .environment = {"DISPATCH_TEST=" + mark_}});
    const std::string before = "listens on ";
    REQUIRE(registry::testing::eventually([&] { return process_->log().find(before) != std::string::npos; }));
    const auto log = process_->log();
    const auto begin = log.find(before) + before.size();
    way_->lead_to(registry::parse_address(log.substr(begin, log.find(' ', begin) - begin)).value());
  }

  static std::vector<std::string> node_options(const std::string& seeds) {
    return {"--config-file=/dev/null",     "--registry.listen=127.0.0.1:0", "--registry.heartbeat-interval=200ms",
            "--registry.suspect-after=1s", "--registry.down-after=3s",      "--registry.seeds=[" + seeds + "]"};
  }

  void kill() {
    process_->signal(SIGKILL);
    REQUIRE(process_->wait(1min));
    // Also those of the process that was killed before it could say anything to anybody.
    const auto took = registry::testing::time_until([&] { return processes_marked(mark_, process_->pid()).empty(); });
    CHECK(took < limit_for_commands);
    longest_ = std::max(longest_, took);
  }
  void drain() {
    process_->signal(SIGINT);
    if (!process_->wait(2s))
      kill();
  }
  void stop_for(std::chrono::milliseconds time) {
    process_->signal(SIGSTOP);
    outlast(time);
    process_->signal(SIGCONT);
  }
  proxy& way() { return *way_; }
  [[nodiscard]] std::chrono::milliseconds longest() const { return longest_; }

private:
  int number_;
  proxy* way_;
  std::string seeds_;
  int lives_ = 0;
  std::string mark_;
  std::unique_ptr<child_process> process_;
  std::chrono::milliseconds longest_{0};
};

/// One thing that goes wrong, and is mended.
const char* harm(worker_node& node, random_source& random) {
  switch (random.up_to(5)) {
  case 0:
  case 1:
    node.kill();
    outlast(random.time(0, 1'000));
    node.start();
    return "killed";
  case 2:
    node.drain();
    node.start();
    return "drained";
  case 3:
    node.stop_for(random.time(100, 5'000));
    return "stopped";
  case 4:
    node.way().cut();
    outlast(random.time(0, 2'000));
    node.way().restore();
    return "cut";
  default:
    node.way().silence();
    outlast(random.time(100, 5'000));
    node.way().restore();
    return "silenced";
  }
}

} // namespace

TEST_CASE("every job has one result while workers and nodes are killed, stopped and cut off", "[dispatch][chaos]") {
  const std::chrono::seconds time{registry::testing::repetitions(10)};
  const int count = time >= 5min ? 10'000 : 2'000;
  random_source random{registry::testing::seed()};
  const work_directory files;
  const auto jobs = files.with("jobs", jobs_for(time, count, random));
  const auto results = files.file("results");

  std::vector<std::unique_ptr<proxy>> ways;
  std::string seeds;
  for (int i = 0; i < nodes; ++i) {
    ways.push_back(std::make_unique<proxy>());
    seeds += (seeds.empty() ? "\"" : ", \"") + to_string(ways.back()->address()) + "\"";
  }
  std::vector<std::unique_ptr<worker_node>> workers;
  for (int i = 0; i < nodes; ++i)
    workers.push_back(std::make_unique<worker_node>(i, ways, seeds));
  std::vector<std::string> command{DISPATCH_PROGRAM, "submit",        "--queue=q",      "--jobs=" + jobs, "--results",
                                   results,          "--timeout=10s", "--attempts=100", "--wait=1min",    "--log=info"};
  for (auto& each : worker_node::node_options(seeds))
    command.push_back(std::move(each));
  child_process submit{command};

  std::map<std::string, int> harms;
  const auto end = clock::now() + time;
  while (clock::now() < end && submit.is_running()) {
    ++harms[harm(*workers[static_cast<std::size_t>(random.up_to(nodes - 1))], random)];
    outlast(random.time(50, 1'000));
  }
  const auto ended = submit.wait(5min);
  const auto log = submit.log();
  REQUIRE(ended);

  std::multiset<std::int64_t> ids;
  std::map<std::string, int> statuses;
  int begun_again = 0;
  for (const auto& x : results_in(results)) {
    const auto id = *x.find("id")->as_integer();
    const std::string status{*x.find("status")->as_string()};
    ids.insert(id);
    ++statuses[status];
    begun_again += *x.find("attempts")->as_integer() > 1 ? 1 : 0;
    if (status == "lost" && log.find("job " + std::to_string(id) + " is lost: ") == std::string::npos)
      FAIL_CHECK("the log does not explain why job " << id << " is lost");
    if (const auto* const output = x.find("output"); output != nullptr && status == "done")
      CHECK((identical(*output, id) || identical(*output, registry::value{std::to_string(id) + "\n"})));
  }
  CHECK(ids.size() == static_cast<std::size_t>(count));
  CHECK(std::set<std::int64_t>(ids.begin(), ids.end()).size() == static_cast<std::size_t>(count));
  CHECK(*ids.begin() == 1);
  CHECK(*ids.rbegin() == count);
  CHECK(statuses["done"] >= count * 995 / 1'000);

  std::string account = std::to_string(count) + " jobs, " + std::to_string(begun_again) + " of them begun again;";
  for (const auto& [status, number] : statuses)
    account += " " + std::to_string(number) + " " + status;
  account += ";";
  for (const auto& [name, number] : harms)
    account += " " + std::to_string(number) + " times " + name;
  std::chrono::milliseconds longest{0};
  for (const auto& each : workers)
    longest = std::max(longest, each->longest());
  WARN(account << "; commands of a killed worker were gone after " << longest.count() << " ms at most");
}
