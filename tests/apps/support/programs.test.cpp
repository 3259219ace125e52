#include <support/child_process.hpp>
#include <support/exit_status.hpp>

#include <support/waiting.hpp>

#include <support/catch.hpp>

#include <unistd.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace {

using cluster_tests::child_process;
using registry::testing::eventually;
using namespace std::chrono_literals;

const std::string chat = CHAT_PROGRAM;
const std::string chat_demo = CHAT_DEMO_PROGRAM;
const std::string dispatch = DISPATCH_PROGRAM;
const std::string presence = PRESENCE_PROGRAM;

/// A directory with a file in it, which go with this object.
struct directory_with {
  explicit directory_with(const std::string& content) {
    std::filesystem::create_directories(path);
    std::ofstream{path / "file"} << content;
  }
  directory_with(const directory_with&) = delete;
  directory_with& operator=(const directory_with&) = delete;
  ~directory_with() { std::filesystem::remove_all(path); }

  [[nodiscard]] std::string file() const { return path / "file"; }

  const std::filesystem::path path =
      std::filesystem::temp_directory_path() / ("programs_test." + std::to_string(::getpid()));
};

struct outcome {
  int status = -1;
  std::string out;
  std::string err;
};

outcome run(const std::vector<std::string>& command) {
  child_process child{command};
  outcome seen;
  while (const auto line = child.read_line(60s))
    seen.out += *line + "\n";
  seen.status = child.wait(60s).value_or(-1);
  seen.err = child.log();
  return seen;
}

struct wrong_command {
  std::vector<std::string> command;
  std::string says;
};

void check_refused(const wrong_command& x) {
  CAPTURE(x.command);
  const auto seen = run(x.command);
  CHECK(seen.status == support::wrong_usage);
  CHECK(seen.out.empty());
  CHECK(seen.err.find(x.says) != std::string::npos);
  INFO(seen.err);
  CHECK(seen.err.find("not_an_option") == std::string::npos);
}

bool says(const child_process& child, const std::string& text) {
  return eventually([&] { return child.log().find(text) != std::string::npos; });
}

} // namespace

TEST_CASE("a wrong command line or configuration is refused with status 2, and names the word that was meant",
          "[programs]") {
  const directory_with config{"registry {\n  listen = \"127.0.0.1:0\"\n  sedes = [\"127.0.0.1:1\"]\n}\n"};
  const auto file = "--config-file=" + config.file();
  const auto in_file = config.file() + ":3: there is no option registry.sedes; did you mean registry.seeds?";
  for (const auto& x : std::vector<wrong_command>{
           {{chat, "--regstri.listen=x"}, "chat: there is no option --regstri.listen; did you mean --registry.listen?"},
           {{chat, "--chat.prt=1"}, "there is no option --chat.prt; did you mean --chat.port?"},
           {{chat, "--port=1"}, "there is no option --port; did you mean --chat.port?"},
           {{chat, "--chat.port=99999"}, "option --chat.port must be a number from 0 to 65535, not '99999'"},
           {{chat, "--chat.log=errr"},
            "option --chat.log must be trace, debug, info, warn, error or off, not 'errr'; did you mean error?"},
           {{chat, "--chat.tick=1ms"}, "option --chat.tick must be at least 100ms"},
           {{chat, "--long-help"}, "there is no option --long-help"},
           {{chat, "--dump-config"}, "there is no option --dump-config"},
           {{chat, "--registry.listen=127.0.0.1:0", "--registry.cluster="}, "option --registry.cluster needs a value"},
           {{chat, file}, in_file},
           {{chat, "please"}, "'please' is not an option"},
           {{chat_demo, "--prot=1"}, "chat_demo: there is no option --prot; did you mean --port?"},
           {{chat_demo, "--port=65534"}, "option --port must be a number from 0 to 65533, not '65534'"},
           {{chat_demo, "--pace"}, "option --pace needs a value"},
           {{chat_demo, "now"}, "'now' is not an option"},
           {{dispatch}, "dispatch: a command is missing: worker, submit, status, demo"},
           {{dispatch, "wroker"}, "there is no command wroker; did you mean worker?"},
           {{dispatch, "worker", "--qeue=q"}, "there is no option --qeue; did you mean --queue?"},
           {{dispatch, "worker", "--queue=q", "--jobs=f"}, "worker has no option --jobs; it is one of dispatch submit"},
           {{dispatch, "worker", file}, in_file},
           {{dispatch, "worker"}, "option --queue is missing"},
           {{dispatch, "worker", "--queue=q", "--capacity=0"}, "option --capacity must be from 1 to 100000"},
           {{dispatch, "submit", "--queue=q", "--jobs=f", "--strategy=ramdom"}, "not 'ramdom'; did you mean random?"},
           {{dispatch, "submit", "--queue=q", "--jobs=f", "--timeout=5"},
            "option --timeout has the value '5': a unit is missing, write 5s"},
           {{dispatch, "status", "--wiat=1s"}, "there is no option --wiat; did you mean --wait?"},
           {{dispatch, "demo", "--queue=q"}, "demo has no option --queue"},
           {{presence, "--registry.lisen=x"},
            "presence: there is no option --registry.lisen; did you mean --registry.listen?"},
           {{presence, "--registry.seeds=x:1"}, "option --registry.listen is missing"},
           {{presence, file}, in_file},
           {{presence, "--config-file=/no/such/file"}, "option --config-file: there is no readable file '/no/such/file'"}})
    check_refused(x);
}

TEST_CASE("help and version go to the standard output with status 0", "[programs]") {
  for (const auto& command : std::vector<std::vector<std::string>>{{chat},
                                                                   {chat_demo},
                                                                   {dispatch},
                                                                   {dispatch, "worker"},
                                                                   {dispatch, "submit"},
                                                                   {dispatch, "status"},
                                                                   {dispatch, "demo"},
                                                                   {presence}}) {
    CAPTURE(command);
    auto asking = command;
    asking.emplace_back("--help");
    const auto help = run(asking);
    CHECK(help.status == support::succeeded);
    CHECK(help.err.empty());
    for (const auto* part : {"Usage:", "Example:", "Exit status:", "--version"})
      CHECK(help.out.find(part) != std::string::npos);
    asking.back() = "--version";
    const auto version = run(asking);
    CHECK(version.status == support::succeeded);
    CHECK(version.out == std::filesystem::path{command.front()}.filename().string() + " " PROJECT_VERSION "\n");
  }
}

TEST_CASE("a failure while a program runs is status 1", "[programs]") {
  // An address of no machine (RFC 5737).
  for (const auto& command : std::vector<std::vector<std::string>>{
           {chat, "--chat.hosts=192.0.2.1", "--chat.port=0"},
           {chat, "--registry.listen=192.0.2.1:0", "--registry.allow-no-secret"},
           {presence, "--registry.listen=192.0.2.1:0", "--registry.allow-no-secret"},
           {dispatch, "worker", "--queue=q", "--registry.listen=192.0.2.1:0", "--registry.allow-no-secret"}}) {
    CAPTURE(command);
    const auto seen = run(command);
    CHECK(seen.status == support::failed);
    CHECK(seen.err.find("192.0.2.1") != std::string::npos);
  }
}

TEST_CASE("a program whose seeds do not answer names them, and ends at a signal", "[programs]") {
  const directory_with files{R"({"id": 1, "work": "sum", "numbers": [1]})"};
  const std::string listen = "--registry.listen=127.0.0.1:0";
  const std::string seeds = "--registry.seeds=127.0.0.1:1";
  for (const auto& command :
       std::vector<std::vector<std::string>>{{chat, "--chat.port=0", listen, seeds},
                                             {dispatch, "worker", "--queue=q", listen, seeds},
                                             {dispatch, "submit", "--queue=q", "--jobs=" + files.file(), listen, seeds}}) {
    CAPTURE(command);
    child_process child{command};
    CHECK(says(child, "still waiting for the cluster: "));
    CHECK(says(child, "127.0.0.1:1"));
    child.signal(SIGTERM);
    CHECK(child.wait(60s) == (command[1] == "submit" ? 1 : 0));
  }
}

TEST_CASE("a submission without workers says that it waits for one", "[programs]") {
  const directory_with files{R"({"id": 1, "work": "sum", "numbers": [1]})"};
  child_process submit{{dispatch, "submit", "--queue=q", "--jobs=" + files.file(), "--wait=1min"}};
  CHECK(says(submit, "dispatch: waiting for a worker of the queue 'q', for 60s at most (--wait)"));
  submit.signal(SIGINT);
  CHECK(submit.wait(60s) == 1);
}

TEST_CASE("presence leaves in order at Ctrl-C and SIGTERM", "[programs]") {
  for (const int number : {SIGINT, SIGTERM}) {
    child_process program{{presence}};
    REQUIRE(program.read_line(60s) == "watching people");
    program.write_line("come ann office");
    REQUIRE(program.read_line(60s) == "ann comes: online (office)");
    program.signal(number);
    CHECK(program.wait(60s) == 0);
  }
}

TEST_CASE("options of CAF go through", "[programs]") {
  const auto help = run({presence, "--help"}).out;
  // Its name depends on the generation of CAF.
  const std::string option = help.find("--caf.scheduler.max-threads") == std::string::npos ? "--scheduler.max-threads"
                                                                                           : "--caf.scheduler.max-threads";
  CHECK(help.find(option + "=2") != std::string::npos);
  child_process program{{presence, option + "=2"}};
  CHECK(program.read_line(60s) == "watching people");
  check_refused({{presence, option + "=two"}, "option " + option + " must be a whole number, not 'two'"});
}
