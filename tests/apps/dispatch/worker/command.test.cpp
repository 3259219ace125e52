#include <dispatch/worker/command.hpp>

#include <support/catch.hpp>
#include <support/waiting.hpp>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include <unistd.h>

namespace dispatch {

namespace {

command_result run(const std::vector<std::string>& command) {
  const cancellation never;
  command_guard guard;
  return run_command(command, never, guard);
}

command_result shell(const std::string& script) {
  return run({"/bin/sh", "-c", script});
}

} // namespace

TEST_CASE("a command's outputs and exit status are collected", "[dispatch][command]") {
  const auto hi = run({"/bin/echo", "hi", "there"});
  CHECK(hi.problem.empty());
  CHECK(hi.status == 0);
  CHECK(hi.output.kept == "hi there\n");
  CHECK(hi.errors.kept.empty());
  const auto both = shell("echo out; echo bad >&2; exit 3");
  CHECK(both.status == 3);
  CHECK(both.output.kept == "out\n");
  CHECK(both.errors.kept == "bad\n");
}

TEST_CASE("no shell looks at a command", "[dispatch][command]") {
  CHECK(run({"/bin/echo", "$HOME; exit 1", "*", "`id`"}).output.kept == "$HOME; exit 1 * `id`\n");
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
  CHECK(ended.output.kept.size() == most_output);
  CHECK(ended.output.size == 1'000'004);
  CHECK(ended.output.is_truncated());
  CHECK(ended.errors.kept.size() == most_output);
  CHECK(ended.errors.size == 1'000'000);
}

TEST_CASE("processes that a command leaves running are not waited for", "[dispatch][command]") {
  const auto begin = std::chrono::steady_clock::now();
  const auto ended = shell("sleep 50 & echo $!");
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds{40});
  ::kill(std::stoi(ended.output.kept), SIGKILL);
}

namespace {

/// Runs a shell script that says when it is ready by making a file, cancels it then, and gives how it ended.
command_result cancelled(const std::string& script) {
  const auto file = std::filesystem::temp_directory_path() / ("dispatch_cancelled." + std::to_string(::getpid()));
  std::filesystem::remove(file);
  const cancellation unwanted;
  command_guard guard;
  command_result out;
  std::thread running{
      [&] { out = run_command({"/bin/sh", "-c", "ready=" + file.string() + "; " + script}, unwanted, guard); }};
  CHECK(registry::testing::eventually([&] { return std::filesystem::exists(file); }));
  unwanted.cancel();
  running.join();
  std::filesystem::remove(file);
  return out;
}

bool is_there(pid_t process) {
  std::ifstream in{"/proc/" + std::to_string(process) + "/stat"};
  std::string id;
  std::string name;
  std::string state;
  return static_cast<bool>(in >> id >> name >> state) && state != "Z";
}

} // namespace

TEST_CASE("a command that is cancelled is asked to end, with the processes it has started", "[dispatch][command]") {
  const auto begin = std::chrono::steady_clock::now();
  CHECK(cancelled("sleep 600 | { : >$ready; sleep 600; }").status == -SIGTERM);
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds{40});
}

TEST_CASE("a command that is cancelled may say something before it ends", "[dispatch][command]") {
  const auto ended = cancelled("trap 'echo cleaned up; exit 7' TERM; : >$ready; while :; do sleep 0.01; done");
  CHECK(ended.status == 7);
  CHECK(ended.output.kept == "cleaned up\n");
}

TEST_CASE("a command that is cancelled and heeds no SIGTERM is killed", "[dispatch][command]") {
  CHECK(cancelled("trap '' TERM; : >$ready; while :; do sleep 0.01; done").status == -SIGKILL);
}

TEST_CASE("processes that a cancelled command leaves running are killed", "[dispatch][command]") {
  const auto ended = cancelled("trap '' TERM; (while :; do sleep 0.01; done) & trap - TERM; echo $!; : >$ready; wait");
  CHECK(ended.status == -SIGTERM);
  CHECK(registry::testing::eventually([&] { return !is_there(std::stoi(ended.output.kept)); }));
}

TEST_CASE("a command that is stopped can be cancelled", "[dispatch][command]") {
  CHECK(cancelled(": >$ready; kill -STOP $$").status == -SIGTERM);
}

TEST_CASE("a command that was cancelled before is not started", "[dispatch][command]") {
  const cancellation unwanted;
  unwanted.cancel();
  command_guard guard;
  CHECK_FALSE(run_command({"/bin/true"}, unwanted, guard).problem.empty());
  CHECK(guard.pid() < 0);
}

TEST_CASE("a guard that was killed is replaced before the next command", "[dispatch][command]") {
  const cancellation never;
  command_guard guard;
  CHECK(run_command({"/bin/true"}, never, guard).status == 0);
  const auto first = guard.pid();
  REQUIRE(first > 0);
  ::kill(first, SIGKILL);
  REQUIRE(registry::testing::eventually([&] { return !is_there(first); }));
  CHECK(run_command({"/bin/true"}, never, guard).status == 0);
  CHECK(guard.pid() > 0);
  CHECK(guard.pid() != first);
}

} // namespace dispatch
