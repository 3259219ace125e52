#include <apps/dispatch/support/processes.hpp>

#include <support/child_process.hpp>
#include <support/waiting.hpp>

#include <registry/value/json.hpp>

#include <support/catch.hpp>

#include <chrono>
#include <csignal>
#include <fstream>
#include <set>
#include <string>
#include <vector>

namespace {

using namespace dispatch::testing;
using cluster_tests::child_process;
using registry::testing::eventually;
using namespace std::chrono_literals;

std::string sleeps(int count, int ms) {
  std::string out;
  for (int i = 1; i <= count; ++i)
    out += R"({"id": )" + std::to_string(i) + R"(, "work": "sleep", "ms": )" + std::to_string(ms) + "}\n";
  return out;
}

} // namespace

TEST_CASE("a worker process that is killed loses nothing", "[dispatch][processes]") {
  const work_directory files;
  const auto jobs = files.with("jobs", sleeps(60, 50));
  const auto results = files.file("results");
  worker_process first{"2", ""};
  worker_process second{"2", first.address};
  child_process submit{command_line(
      {"submit", "--queue", "q", "--jobs=" + jobs, "--results", results, "--strategy=rendezvous"}, first.address)};
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
    child_process submit{command_line({"submit", "--queue=q", "--jobs", jobs}, worker.address)};
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
    child_process submit{command_line(arguments)};
    const auto ended = submit.wait(60s);
    INFO(submit.log());
    CHECK(ended == 2);
    return submit.log();
  };
  const auto bad = files.with("bad", "{\"id\": 1, \"work\": \"fail\"}\nnonsense\n");
  CHECK(refused({"submit", "--queue", "q", "--jobs", bad}).find("bad:2: invalid JSON") != std::string::npos);
  CHECK(refused({"submit", "--queue", "q", "--jobs", files.file("none")}).find("cannot read the jobs") != std::string::npos);
  CHECK(refused({"submit", "--queue", "q"}).find("option --jobs is missing") != std::string::npos);
  CHECK(refused({"submit", "--jobs", bad}).find("option --queue is missing") != std::string::npos);
  CHECK(refused({"worker", "--queue", "q", "--capacity", "0"}).find("option --capacity must be from 1") !=
        std::string::npos);
  const auto good = files.with("good", sleeps(1, 0));
  CHECK(refused({"submit", "--queue", "q", "--jobs", good, "--strategy", "best"}).find("not 'best'") != std::string::npos);
  CHECK(refused({"submit", "--queue", "q", "--jobs", good, "--results", good}).find("File exists") != std::string::npos);
  CHECK(refused({"fly"}).find("there is no command fly") != std::string::npos);
  child_process lonely{command_line({"submit", "--queue", "q", "--jobs", good, "--wait=10ms"})};
  CHECK(lonely.wait(60s) == 1);
  CHECK(lonely.log().find("has had no workers for 10 ms") != std::string::npos);
}

TEST_CASE("the demo ends well", "[dispatch][processes]") {
  child_process demo{{DISPATCH_PROGRAM, "demo"}};
  CHECK(demo.wait(60s) == 0);
}

TEST_CASE("a job that hangs takes no other one with it", "[dispatch][processes]") {
  const work_directory files;
  worker_process worker{"1", "", "hangs"};
  std::string lines = R"({"id": 7, "command": ["sleep", "1000"]})"
                      "\n";
  for (int i = 1; i <= 6; ++i)
    lines += R"({"id": )" + std::to_string(i) + R"(, "work": "sum", "numbers": [1]})" + "\n";
  const auto submit = [&](const std::string& name, const std::string& jobs) {
    child_process one{command_line({"submit", "--queue=q", "--jobs=" + files.with(name, jobs), "--results",
                                    files.file(name + ".results"), "--timeout=2s", "--attempts=2"},
                                   worker.address)};
    CHECK(one.wait(60s));
    INFO(one.log());
    return results_in(files.file(name + ".results"));
  };
  const auto results = submit("first", lines);
  CHECK(results.size() == 7);
  for (const auto& x : results) {
    const bool hung = identical(*x.find("id"), 7);
    CHECK(identical(*x.find("status"), hung ? "lost" : "done"));
    CHECK(identical(*x.find("attempts"), hung ? 2 : 1));
  }
  CHECK(each_once(submit("second", sleeps(3, 1)), 3, "done"));
  CHECK(eventually([&] { return status_at(worker.address) == "q: 1 workers, 0 jobs, room for 1"; }));
  // Of the commands nothing is left; the guard stays.
  CHECK(eventually([&] { return processes_marked("hangs", worker.child.pid()).size() == 1; }));
}

TEST_CASE("the commands of a worker process that is killed end, with all that they have started", "[dispatch][processes]") {
  const work_directory files;
  worker_process worker{"3", "", "killed"};
  const auto command = [&](int id, const std::string& script) {
    return R"({"id": )" + std::to_string(id) + R"(, "command": ["/bin/sh", "-c", ")" + script + ": >" +
           files.file("ready" + std::to_string(id)) + R"(; sleep 1000 | sleep 1000; true"]})" + "\n";
  };
  const auto jobs = files.with("jobs", command(1, "") + command(2, "trap '' TERM; ") + command(3, "kill -STOP 0 & "));
  child_process submit{command_line({"submit", "--queue=q", "--jobs", jobs}, worker.address)};
  REQUIRE(eventually([&] {
    return std::filesystem::exists(files.file("ready1")) && std::filesystem::exists(files.file("ready2")) &&
           processes_marked("killed", worker.child.pid()).size() >= 8;
  }));
  worker.child.signal(SIGKILL);
  const auto took = registry::testing::time_until([&] { return processes_marked("killed", worker.child.pid()).empty(); });
  CHECK(took < 5s);
}
