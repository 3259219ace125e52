#include <dispatch/worker/command.hpp>

#include <support/catch.hpp>

#include <chrono>
#include <csignal>
#include <string>
#include <thread>
#include <vector>

namespace dispatch {

namespace {

command_ended run(const std::vector<std::string>& command) {
  const cancellation never;
  return run_command(command, never);
}

command_ended shell(const std::string& script) {
  return run({"/bin/sh", "-c", script});
}

} // namespace

TEST_CASE("a command's outputs and exit status are collected", "[dispatch][command]") {
  const auto hi = run({"/bin/echo", "hi", "there"});
  CHECK(hi.problem.empty());
  CHECK(hi.status == 0);
  CHECK(hi.output == "hi there\n");
  CHECK(hi.errors.empty());
  const auto both = shell("echo out; echo bad >&2; exit 3");
  CHECK(both.status == 3);
  CHECK(both.output == "out\n");
  CHECK(both.errors == "bad\n");
}

TEST_CASE("no shell looks at a command", "[dispatch][command]") {
  CHECK(run({"/bin/echo", "$HOME; exit 1", "*", "`id`"}).output == "$HOME; exit 1 * `id`\n");
}

TEST_CASE("a command is found by PATH and has no input", "[dispatch][command]") {
  CHECK(run({"cat"}).status == 0);
}

TEST_CASE("a command that cannot be started is a problem and no exit status", "[dispatch][command]") {
  CHECK(run({"/no/such/program"}).problem == "the command cannot be started: No such file or directory");
  CHECK(run({"/"}).problem.starts_with("the command cannot be started: "));
}

TEST_CASE("a command that a signal ends has its negative number", "[dispatch][command]") {
  CHECK(shell("kill -TERM $$").status == -SIGTERM);
}

TEST_CASE("signals are not blocked in a command", "[dispatch][command]") {
  sigset_t blocked;
  sigset_t before;
  ::sigemptyset(&blocked);
  ::sigaddset(&blocked, SIGTERM);
  ::pthread_sigmask(SIG_BLOCK, &blocked, &before);
  const auto ended = shell("kill -TERM $$; sleep 60");
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  CHECK(ended.status == -SIGTERM);
}

TEST_CASE("of a long output the beginning is kept, and the command is not held up", "[dispatch][command]") {
  const auto ended = shell("head -c 1000000 /dev/zero; head -c 1000000 /dev/zero >&2; echo end");
  CHECK(ended.status == 0);
  CHECK(ended.output.size() == most_output);
  CHECK(ended.errors.size() == most_output);
}

TEST_CASE("what a command leaves running is not waited for", "[dispatch][command]") {
  const auto begin = std::chrono::steady_clock::now();
  const auto ended = shell("sleep 50 & echo $!");
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds{40});
  ::kill(std::stoi(ended.output), SIGKILL);
}

TEST_CASE("a command that is cancelled is killed with what it has started", "[dispatch][command]") {
  const cancellation unwanted;
  const auto begin = std::chrono::steady_clock::now();
  std::thread running{[&] {
    const auto ended = run_command({"/bin/sh", "-c", "sleep 60 | sleep 60"}, unwanted);
    CHECK(ended.status == -SIGKILL);
  }};
  unwanted.cancel();
  running.join();
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds{40});
}

} // namespace dispatch
