#include <recording/check.hpp>
#include <recording/nodes.hpp>

#include <support/child_process.hpp>
#include <support/waiting.hpp>

#include <registry/value/json.hpp>

#include <support/catch.hpp>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <set>

using namespace cluster_tests;
using namespace registry::testing;

namespace {

/// A worker or a submitter that is a process.
struct dispatch_process {
  dispatch_process(proxy& way, std::vector<std::string> command, const std::string& seed)
      : process(with_node(way, std::move(command), seed), {-1, false, {"REGISTRY_SECRET=" + launch{}.secret}}) {
    if (!eventually([&] { return process.log().find("listens on ") != std::string::npos; }))
      throw std::runtime_error("dispatch does not start: " + process.log());
    way.lead_to(listening_address(process.log()));
  }

  static std::vector<std::string> with_node(const proxy& way, std::vector<std::string> command, const std::string& seed) {
    command.insert(command.begin(), DISPATCH_PROGRAM);
    for (const auto& option :
         {std::string{"--config-file=/dev/null"}, std::string{"--queue=q"}, std::string{"--log=info"},
          std::string{"--registry.listen=127.0.0.1:0"}, "--registry.advertise=" + to_string(way.address()),
          "--registry.seeds=[" + seed + "]", std::string{"--registry.cluster=dispatch"},
          std::string{"--registry.suspect-after=1min"}, std::string{"--registry.down-after=2min"},
          std::string{"--registry.protocol-version=1"}, std::string{"--registry.encryption=none"}})
      command.push_back(option);
    return command;
  }

  child_process process;
};

constexpr const char* jobs = R"({"id": 1, "work": "sum", "numbers": [1, 2, 3]}
{"id": "two", "work": "hash", "text": "hello", "key": "hello"}
{"id": 3, "work": "fail", "message": "on purpose"}
{"id": 4, "command": ["/bin/sh", "-c", "echo out; echo err >&2; exit 3"]}
{"id": 5, "work": "sleep", "ms": 1}
{"id": "six", "work": "sleep", "ms": 3600000}
{"id": "seven", "work": "sum", "numbers": [9223372036854775807, 1]}
)";

/// The ids of the jobs that have a result.
std::set<std::string> results_of(const std::filesystem::path& file) {
  std::set<std::string> out;
  std::ifstream in{file};
  for (std::string line; std::getline(in, line) && !in.eof();)
    out.insert(to_string(field(registry::from_json(line).value(), "id")));
  return out;
}

} // namespace

TEST_CASE("a conversation of a worker and a submitter can be recorded and read", "[recording]") {
  const conversation_directory directory{"dispatch"};
  recording by;
  const auto file = [&](const char* name) { return directory.path() / name; };
  {
    std::ofstream{file("jobs")} << jobs;
    auto& to_worker = by.way_to("worker");
    dispatch_process worker{to_worker, {"worker", "--capacity=3"}, ""};
    dispatch_process submitter{by.way_to("submitter"),
                               {"submit", "--jobs=" + file("jobs").string(), "--results=" + file("results").string()},
                               "\"" + to_string(to_worker.address()) + "\""};
    // All but the one that sleeps, which is still under way when the worker ends for good: so it is lost, and cancelled.
    REQUIRE(eventually([&] { return results_of(file("results")).size() == 6; }));
    worker.process.signal(SIGINT);
    REQUIRE(eventually([&] { return worker.process.log().find("Ctrl-C ends them") != std::string::npos; }));
    worker.process.signal(SIGINT);
    CHECK(worker.process.wait(std::chrono::minutes{1}) == 0);
    submitter.process.signal(SIGINT);
    const auto ended = submitter.process.wait(std::chrono::minutes{1});
    INFO(submitter.process.log());
    CHECK(ended == 1);
    CHECK(results_of(file("results")).size() == 7);
  }
  std::filesystem::remove(file("jobs"));
  std::filesystem::remove(file("results"));
  by.write(directory.path());
  check_readable(directory.path());
}
