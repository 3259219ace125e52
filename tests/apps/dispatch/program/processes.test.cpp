#include <support/child_process.hpp>
#include <support/waiting.hpp>

#include <registry/value/json.hpp>

#include <support/catch.hpp>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include <unistd.h>

namespace {

using cluster_tests::child_process;
using registry::testing::eventually;
using namespace std::chrono_literals;

/// A directory that goes with its owner.
struct work_directory {
  work_directory() : path(std::filesystem::temp_directory_path() / ("dispatch_test." + std::to_string(::getpid()))) {
    std::filesystem::create_directories(path);
  }
  work_directory(const work_directory&) = delete;
  work_directory& operator=(const work_directory&) = delete;
  ~work_directory() { std::filesystem::remove_all(path); }
  [[nodiscard]] std::string file(const std::string& name) const { return path / name; }
  [[nodiscard]] std::string with(const std::string& name, const std::string& content) const {
    std::ofstream{path / name} << content;
    return file(name);
  }

  std::filesystem::path path;
};

std::vector<std::string> dispatch(std::vector<std::string> arguments, const std::string& seed = {}) {
  std::vector<std::string> out{DISPATCH_PROGRAM};
  out.insert(out.end(), arguments.begin(), arguments.end());
  // What is killed is missed at once; a machine that is busy with something else makes processes silent, too.
  for (const auto* option : {"--registry.listen=127.0.0.1:0", "--registry.suspect-after=1min", "--registry.down-after=2min"})
    out.emplace_back(option);
  if (!seed.empty())
    out.push_back("--registry.seeds=[\"" + seed + "\"]");
  return out;
}

/// A process with a worker.
struct worker_process {
  worker_process(const std::string& capacity, const std::string& seed)
      : child(dispatch({"worker", "--queue", "q", "--capacity", capacity}, seed)) {
    const auto line = child.read_line(60s);
    const std::string prefix = "listening on ";
    REQUIRE(line);
    REQUIRE(line->starts_with(prefix));
    address = line->substr(prefix.size());
    REQUIRE(child.read_line(60s));
  }

  child_process child;
  std::string address;
};

std::string sleeps(int count, int ms) {
  std::string out;
  for (int i = 1; i <= count; ++i)
    out += R"({"id": )" + std::to_string(i) + R"(, "work": "sleep", "ms": )" + std::to_string(ms) + "}\n";
  return out;
}

/// The lines that are complete.
std::vector<registry::value> results_in(const std::string& file) {
  std::vector<registry::value> out;
  std::ifstream in{file};
  for (std::string line; std::getline(in, line) && !in.eof();)
    out.push_back(registry::from_json(line).value());
  return out;
}

/// What a new process is told of the queues.
std::string status_at(const std::string& address) {
  child_process status{dispatch({"status"}, address)};
  auto line = status.read_line(60s).value_or("(nothing)");
  CHECK(status.wait(60s) == 0);
  return line;
}

/// Whether each of the ids from 1 has one result of a status.
bool each_once(const std::vector<registry::value>& results, std::size_t count, const char* status) {
  std::set<std::int64_t> ids;
  for (const auto& x : results) {
    if (identical(*x.find("status"), status))
      ids.insert(*x.find("id")->as_integer());
  }
  return results.size() == count && ids.size() == count;
}

} // namespace

TEST_CASE("a worker process that is killed loses nothing", "[dispatch][processes]") {
  const work_directory files;
  const auto jobs = files.with("jobs", sleeps(60, 50));
  const auto results = files.file("results");
  worker_process first{"2", ""};
  worker_process second{"2", first.address};
  child_process submit{
      dispatch({"submit", "--queue", "q", "--jobs=" + jobs, "--results", results, "--strategy=rendezvous"}, first.address)};
  // Both have done something: so the second one has jobs under way.
  REQUIRE(eventually([&] {
    std::set<std::string> nodes;
    for (const auto& x : results_in(results))
      nodes.emplace(*x.find("node")->as_string());
    return nodes.size() == 2;
  }));
  second.child.signal(SIGKILL);
  const auto ended = submit.wait(60s);
  INFO(submit.log());
  CHECK(ended == 0);
  CHECK(each_once(results_in(results), 60, "done"));

  CHECK(eventually([&] { return status_at(first.address) == "q: 1 workers, 0 jobs, room for 2"; }));
}

TEST_CASE("Ctrl-C drains a worker, and ends it the second time", "[dispatch][processes]") {
  const work_directory files;
  const auto jobs = files.with("jobs", sleeps(1, 3'600'000));
  worker_process worker{"1", ""};
  SECTION("without jobs") {
    worker.child.signal(SIGINT);
  }
  SECTION("with a job") {
    child_process submit{dispatch({"submit", "--queue=q", "--jobs", jobs}, worker.address)};
    REQUIRE(eventually([&] { return status_at(worker.address) == "q: 1 workers, 1 jobs, room for 1"; }));
    worker.child.signal(SIGINT);
    REQUIRE(eventually([&] { return status_at(worker.address) == "q: 1 workers, 1 jobs, room for 0"; }));
    CHECK(worker.child.is_running());
    worker.child.signal(SIGINT);
    CHECK(worker.child.wait(60s) == 0);
    submit.signal(SIGINT);
    const auto line = submit.read_line(60s);
    REQUIRE(line);
    CHECK(line->find(R"("status":"cancelled")") != std::string::npos);
    CHECK(submit.wait(60s) == 1);
  }
  CHECK(worker.child.wait(60s) == 0);
}

TEST_CASE("bad input is reported and nothing is submitted", "[dispatch][processes]") {
  const work_directory files;
  const auto refused = [](const std::vector<std::string>& arguments) {
    child_process submit{dispatch(arguments)};
    const auto ended = submit.wait(60s);
    INFO(submit.log());
    CHECK(ended == 2);
    return submit.log();
  };
  const auto bad = files.with("bad", "{\"id\": 1, \"work\": \"fail\"}\nnonsense\n");
  CHECK(refused({"submit", "--queue", "q", "--jobs", bad}).find("bad:2: no valid JSON") != std::string::npos);
  CHECK(refused({"submit", "--queue", "q", "--jobs", files.file("none")}).find("cannot read the jobs") != std::string::npos);
  CHECK(refused({"submit", "--queue", "q"}).find("'jobs' is missing") != std::string::npos);
  CHECK(refused({"submit", "--jobs", bad}).find("'queue' is missing") != std::string::npos);
  CHECK(refused({"worker", "--queue", "q", "--capacity", "0"}).find("'capacity' must be from 1") != std::string::npos);
  const auto good = files.with("good", sleeps(1, 0));
  CHECK(refused({"submit", "--queue", "q", "--jobs", good, "--strategy", "best"}).find("not 'best'") != std::string::npos);
  CHECK(refused({"submit", "--queue", "q", "--jobs", good, "--results", good}).find("File exists") != std::string::npos);
  CHECK(refused({"fly"}).find("usage:") != std::string::npos);
  child_process lonely{dispatch({"submit", "--queue", "q", "--jobs", good, "--wait=10ms"})};
  CHECK(lonely.wait(60s) == 1);
  CHECK(lonely.log().find("has had no workers for 10 ms") != std::string::npos);
}

TEST_CASE("the demo ends well", "[dispatch][processes]") {
  child_process demo{{DISPATCH_PROGRAM, "demo"}};
  CHECK(demo.wait(60s) == 0);
}
