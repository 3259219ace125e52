#include "fixture.hpp"

#include <registry/coro/spawn.hpp>
#include <registry/node/node.hpp>
#include <registry/node/system_config.hpp>

#include <caf/actor_system.hpp>

#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <future>
#include <string>
#include <string_view>

// Runs each form in a process of its own, so that one that crashes, or hangs, spoils no other.

namespace forms {

namespace {

task<> judge(coroutine_self self, scope rooms, const form* which, std::promise<std::string>* verdict) {
  std::string wrong;
  {
    fixture f{self, rooms, which->name};
    auto outcome = co_await with_timeout(self, 10s, which->run(&f));
    wrong = f.verdict(outcome);
  }
  // Actors are destroyed soon after the last handle.
  for (int i = 0; i < 1000 && canary::living() > 0; ++i)
    co_await self.sleep_for(1ms);
  if (wrong.empty() && canary::living() != 0)
    wrong = std::to_string(canary::living()) + " copies were never destroyed";
  if (wrong.empty() && canary::broken() != 0)
    wrong = std::to_string(canary::broken()) + " copies were used that were none";
  verdict->set_value(wrong);
}

/// Exits with 0 if the form is right.
[[noreturn]] void run(const form& which) {
  alarm(20);
  system_config config;
  caf::actor_system system{config};
  auto node = node::start(system).value();
  auto rooms = node.open_scope("rooms").value();
  std::promise<std::string> verdict;
  spawn_coroutine(system, judge, rooms, &which, &verdict);
  const auto wrong = verdict.get_future().get();
  if (!wrong.empty())
    std::printf("%s: %s\n", which.name, wrong.c_str());
  std::fflush(stdout);
  _exit(wrong.empty() ? 0 : 1);
}

bool is_right(const form& which) {
  const auto child = fork();
  if (child == 0)
    run(which);
  int status = 0;
  if (child < 0 || waitpid(child, &status, 0) != child) {
    std::perror(which.name);
    return false;
  }
  if (WIFSIGNALED(status))
    std::printf("%s: %s\n", which.name, strsignal(WTERMSIG(status)));
  std::fflush(stdout);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

} // namespace

} // namespace forms

/// The argument, if there is one, is a part of the names of the forms to run.
int main(int argc, char** argv) {
  const std::string_view part = argc > 1 ? argv[1] : "";
  int passed = 0;
  int failed = 0;
  for (const auto& file : forms::all_forms) {
    for (const auto& form : *file) {
      if (std::string_view{form.name}.find(part) != std::string_view::npos)
        ++(forms::is_right(form) ? passed : failed);
    }
  }
  std::printf("%d passed, %d failed\n", passed, failed);
  return failed == 0 && passed > 0 ? 0 : 1;
}
