#include <support/command_line.hpp>
#include <support/exit_status.hpp>

#include <support/catch.hpp>

#include <algorithm>

namespace support {

namespace {

registry::option_description option(const std::string& group, const std::string& name, registry::option_kind kind) {
  auto out = registry::option_of_kind(kind);
  out.group = group;
  out.name = name;
  out.spelling = "--" + out.full_name();
  out.purpose = "the " + name;
  out.default_value = "x";
  return out;
}

std::vector<registry::option_description> table() {
  using enum registry::option_kind;
  auto queue = option("app", "queue", text);
  queue.spelling = "--queue";
  auto threads = option("caf", "max-threads", number);
  threads.is_of_caf = true;
  return {option("", "config-file", text), queue,  option("app", "jobs", text), option("net", "seeds", list),
          option("net", "open", flag),     threads};
}

/// A program with two commands.
struct two_commands : command_line {
  two_commands() : command_line({"tool", "does things", "  tool work\n"}) {
    add_command({"worker", "works", "  tool worker --queue=q\n"});
    add_options(table(), {{"Worker options", "app", {"queue"}}, {"Network options", "net", {}}}, "tool.conf");
    add_command({"submit", "submits", "  tool submit\n"});
    add_options(table(), {{"Submit options", "app", {"queue", "jobs"}}, {"Network options", "net", {}}}, "tool.conf");
    add_command({"demo", "shows", "  tool demo\n"});
  }
};

std::optional<command_end> parse(command_line& line, std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), "/usr/bin/tool");
  return line.parse(static_cast<int>(arguments.size()), arguments.data());
}

command_end end_of(const std::vector<const char*>& arguments) {
  two_commands line;
  auto end = parse(line, arguments);
  REQUIRE(end);
  return *end;
}

void check_wrong(const std::vector<const char*>& arguments, const std::string& message) {
  const auto end = end_of(arguments);
  CHECK(end.status == wrong_usage);
  CHECK(end.text.substr(0, end.text.find('\n')) == message);
}

} // namespace

TEST_CASE("help and errors call a program as it was started", "[command_line]") {
  const auto said = [](std::vector<const char*> arguments) {
    two_commands line;
    return line.parse(static_cast<int>(arguments.size()), arguments.data()).value().text;
  };
  const auto help = said({"/opt/bin/registry-tool", "worker", "--help"});
  CHECK(help.starts_with("registry-tool worker: works\n\nUsage:\n  registry-tool worker [options]\n"));
  CHECK(help.find("\nExample:\n  registry-tool worker --queue=q\n") != std::string::npos);
  CHECK(said({"registry-tool", "--version"}).starts_with("registry-tool "));
  CHECK(said({"registry-tool", "wroker"}).starts_with("registry-tool: there is no command wroker"));
}

TEST_CASE("a command line is a command with settings", "[command_line]") {
  two_commands line;
  REQUIRE_FALSE(parse(line, {"submit", "--queue", "q", "--app.jobs=-", "--net.seeds=a", "--net.seeds", R"(["b"])",
                             "--net.open", "--caf.max-threads=2", "--config-file=f"}));
  CHECK(line.command() == "submit");
  const auto given = line.settings();
  const auto values = [&](const std::string& name) {
    std::vector<std::string> out;
    for (const auto& x : given) {
      if (x.name == name)
        out.push_back(x.value);
    }
    return out;
  };
  using list = std::vector<std::string>;
  CHECK(values("app.queue") == list{"q"});
  CHECK(values("app.jobs") == list{"-"});
  CHECK(values("net.seeds") == list{"a", R"(["b"])"});
  CHECK(values("net.open") == list{"true"});
  CHECK(values("caf.max-threads") == list{"2"});
  CHECK(values("config-file") == list{"f"});
  CHECK(given.size() == 7);
  CHECK(line.setting("app.queue") == "q");
  CHECK_FALSE(line.setting("app.timeout"));
}

TEST_CASE("the name of the group may be written where it can be left out", "[command_line]") {
  two_commands line;
  REQUIRE_FALSE(parse(line, {"worker", "--app.queue=q", "--net.open=false"}));
  CHECK(line.setting("app.queue") == "q");
  CHECK(line.setting("net.open") == "false");
}

TEST_CASE("a wrong command line is refused in one line that names the word that was meant", "[command_line]") {
  check_wrong({}, "tool: a command is missing: worker, submit, demo");
  check_wrong({"wroker"}, "tool: there is no command wroker; did you mean worker?");
  check_wrong({"fly"}, "tool: there is no command fly; commands are worker, submit, demo");
  check_wrong({"--queue=q"}, "tool: a command is missing: worker, submit, demo");
  check_wrong({"worker", "--qeue=q"}, "tool: there is no option --qeue; did you mean --queue?");
  check_wrong({"worker", "--net.seed", "x"}, "tool: there is no option --net.seed; did you mean --net.seeds?");
  check_wrong({"worker", "--seeds=x"}, "tool: there is no option --seeds; did you mean --net.seeds?");
  check_wrong({"worker", "--hlep"}, "tool: there is no option --hlep; did you mean --help?");
  check_wrong({"worker", "--jobs=x"}, "tool: there is no option --jobs");
  check_wrong({"worker", "--app.jobs=x"}, "tool: worker has no option --app.jobs; it is one of tool submit");
  check_wrong({"worker", "please"}, "tool: 'please' is not an option; options are written as --name=value");
  check_wrong({"worker", "--queue"}, "tool: option --queue needs a value: --queue=VALUE");
  check_wrong({"worker", "--queue", "--net.open"}, "tool: option --queue needs a value: --queue=VALUE");
  check_wrong({"demo", "--queue=q"}, "tool: demo has no option --queue; it is one of tool worker");
  check_wrong({"--queue", "q", "worker"}, "tool: option --queue must stand behind the command: tool worker --queue");
  check_wrong({"worker", "-x"}, "tool: there is no option -x");
}

TEST_CASE("an error tells where there is help", "[command_line]") {
  CHECK(end_of({"fly"}).text.ends_with("\nTry 'tool --help'.\n"));
  CHECK(end_of({"worker", "--qeue=q"}).text.ends_with("\nTry 'tool worker --help'.\n"));
}

TEST_CASE("help shows commands, options with defaults, an example and the exit statuses", "[command_line]") {
  const auto all = end_of({"--help"});
  CHECK(all.status == succeeded);
  for (const auto* text : {"tool: does things", "Usage:\n  tool <command> [options]", "  worker     works", "--version",
                           "Example:\n", "Exit status:\n  0  ", "  1  ", "  2  "}) {
    INFO(text);
    CHECK(all.text.find(text) != std::string::npos);
  }
  const auto worker = end_of({"worker", "--help"});
  CHECK(worker.status == succeeded);
  for (const auto* text :
       {"tool worker: works", "Usage:\n  tool worker [options]",
        "Worker options:\n  --queue=TEXT\n      the queue (default: x)", "Network options:\n  --net.seeds=LIST",
        "--config-file=FILE", "tool.conf in the working directory", "--caf.max-threads=2", "  tool worker --queue=q",
        "Exit status:"}) {
    INFO(text);
    CHECK(worker.text.find(text) != std::string::npos);
  }
  CHECK(worker.text.find("--app.jobs") == std::string::npos);
  CHECK(end_of({"demo", "-h"}).text.find("--config-file") == std::string::npos);
  // Other mistakes do not matter to a user who asks for help.
  CHECK(end_of({"worker", "--qeue=q", "--help"}).status == succeeded);
}

TEST_CASE("the version is that of the project", "[command_line]") {
  CHECK(end_of({"--version"}).text == "tool " PROJECT_VERSION "\n");
  CHECK(end_of({"worker", "--version"}).text == "tool " PROJECT_VERSION "\n");
  CHECK(end_of({"--version"}).status == succeeded);
}

TEST_CASE("a number has bounds", "[command_line]") {
  const auto number = [](const char* argument) {
    command_line line{{"tool", "does things", "  tool\n"}};
    auto port = option("", "port", registry::option_kind::number);
    line.add_options({port}, {{"Options", "", {}}});
    REQUIRE_FALSE(parse(line, {argument}));
    return line.number("port", 5, 3, 9);
  };
  CHECK(number("--port=3").value() == 3);
  CHECK(number("--port=9").value() == 9);
  for (const auto* wrong : {"--port=2", "--port=10", "--port=x", "--port=4x", "--port=-4"}) {
    const auto read = number(wrong);
    REQUIRE_FALSE(read);
    CHECK(read.error().message().starts_with("option --port must be a number from 3 to 9, not '"));
  }
  command_line line{{"tool", "does things", "  tool\n"}};
  line.add_options({option("", "port", registry::option_kind::number)}, {{"Options", "", {}}});
  REQUIRE_FALSE(parse(line, {}));
  CHECK(line.number("port", 5, 3, 9).value() == 5);
}

} // namespace support
