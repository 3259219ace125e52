#include <registry/node/clustered_system_config.hpp>

#include <actors/node/app_config.hpp>
#include <support/catch.hpp>

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>

namespace registry {

using testing::app_config;

namespace {

/// A file that goes with this object.
class file_with {
public:
  explicit file_with(const std::string& content, ::mode_t mode = 0600) {
    std::ofstream{path} << content;
    ::chmod(path.c_str(), mode);
  }
  file_with(const file_with&) = delete;
  file_with& operator=(const file_with&) = delete;
  ~file_with() { std::filesystem::remove(path); }

  const std::string path = std::filesystem::temp_directory_path() / ("configuration_test." + std::to_string(::getpid()));
};

/// A variable of the environment that goes with this object.
class variable_with {
public:
  variable_with(std::string name, const std::string& value) : name_(std::move(name)) {
    ::setenv(name_.c_str(), value.c_str(), 1);
  }
  variable_with(const variable_with&) = delete;
  variable_with& operator=(const variable_with&) = delete;
  ~variable_with() { ::unsetenv(name_.c_str()); }

private:
  std::string name_;
};

result<void> read_line(clustered_system_config& config, std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "app");
  std::vector<char*> pointers;
  for (auto& x : arguments)
    pointers.push_back(x.data());
  pointers.push_back(nullptr);
  return config.read(static_cast<int>(arguments.size()), pointers.data());
}

std::string complaint(std::vector<std::string> arguments) {
  app_config config;
  const auto read = read_line(config, std::move(arguments));
  if (!read)
    return std::string{read.error().message()};
  const auto cluster = config.cluster();
  return cluster ? "" : std::string{cluster.error().message()};
}

/// What is said of a variable, from its value on.
std::string complaint_about_variable(const std::string& name, const std::string& value) {
  const variable_with set{name, value};
  const auto said = complaint({});
  const auto begin = "the environment variable " + name + " ";
  CHECK(said.starts_with(begin));
  return said.substr(std::min(begin.size(), said.size()));
}

/// What is said of a file, from the number of the line on.
std::string complaint_about(const std::string& content) {
  const file_with file{content};
  const auto said = complaint({"--config-file=" + file.path});
  CHECK((said.empty() || said.starts_with(file.path + ":")));
  return said.substr(std::min(file.path.size() + 1, said.size()));
}

} // namespace

TEST_CASE("a command line sets options of each kind", "[configuration]") {
  app_config config;
  REQUIRE(read_line(config, {"--app.port=81", "--app.limit=5000000000", "--app.tick=2min", "--app.name=x=y z", "--app.quiet",
                             "--app.hosts=c:1,[::1]:4", "--mine.other=o", "--registry.listen=127.0.0.1:0"}));
  CHECK(config.port == 81);
  CHECK(config.limit == 5'000'000'000);
  CHECK(config.tick == std::chrono::minutes{2});
  CHECK(config.name == "x=y z");
  CHECK(config.quiet);
  CHECK(config.hosts == std::vector<std::string>{"c:1", "[::1]:4"});
  CHECK(config.other == "o");
  CHECK(config.cluster().value().listen == "127.0.0.1:0");
}

TEST_CASE("the time for which a node looks for frames may be shorter than a millisecond", "[configuration]") {
  app_config config;
  CHECK(config.cluster().value().poll_time == cluster_options{}.poll_time);
  REQUIRE(read_line(config, {"--registry.poll-time=20us"}));
  CHECK(config.cluster().value().poll_time == std::chrono::microseconds{20});
}

TEST_CASE("a list stands in brackets, between commas, or is given in parts", "[configuration]") {
  const auto hosts = [](std::vector<std::string> arguments) {
    app_config config;
    REQUIRE(read_line(config, std::move(arguments)));
    return config.hosts;
  };
  const std::vector<std::string> both{"x:1", "y:2"};
  CHECK(hosts({}) == std::vector<std::string>{"a", "b"});
  CHECK(hosts({R"(--app.hosts=["x:1", "y:2"])"}) == both);
  CHECK(hosts({"--app.hosts=x:1,y:2"}) == both);
  CHECK(hosts({"--app.hosts=x:1", R"(--app.hosts=["y:2"])"}) == both);
  CHECK(hosts({R"(--app.hosts=q"\)"}) == std::vector<std::string>{R"(q"\)"});
}

TEST_CASE("a command line counts more than a file", "[configuration]") {
  const file_with file{"app {\n  port = 81 # a comment\n  name = \"from#file\"\n  quiet = true\n  tick = 3s\n}\n"};
  app_config config;
  REQUIRE(read_line(config, {"--config-file=" + file.path, "--app.port=82", "--app.quiet=false"}));
  CHECK(config.port == 82);
  CHECK(config.name == "from#file");
  CHECK(config.tick == std::chrono::seconds{3});
  CHECK_FALSE(config.quiet);
}

TEST_CASE("the environment sets options of each kind", "[configuration]") {
  const variable_with all[] = {{"APP_PORT", "81"},
                               {"APP_LIMIT", "5000000000"},
                               {"APP_TICK", "2min"},
                               {"APP_NAME", "x=y z"},
                               {"APP_QUIET", "true"},
                               {"APP_HOSTS", "c:1,[::1]:4"},
                               {"MINE_OTHER", "o"},
                               {"REGISTRY_LISTEN", "127.0.0.1:0"},
                               {"REGISTRY_SEEDS", R"(["x:1", "y:2"])"},
                               {"REGISTRY_SUSPECT_AFTER", "3s"},
                               {"REGISTRY_ALLOW_NO_SECRET", "true"}};
  app_config config;
  REQUIRE(read_line(config, {}));
  CHECK(config.port == 81);
  CHECK(config.limit == 5'000'000'000);
  CHECK(config.tick == std::chrono::minutes{2});
  CHECK(config.name == "x=y z");
  CHECK(config.quiet);
  CHECK(config.hosts == std::vector<std::string>{"c:1", "[::1]:4"});
  CHECK(config.other == "o");
  const auto cluster = config.cluster().value();
  CHECK(cluster.listen == "127.0.0.1:0");
  CHECK(cluster.seeds == std::vector<std::string>{"x:1", "y:2"});
  CHECK(cluster.suspect_after == std::chrono::seconds{3});
  CHECK(cluster.allow_no_secret);
}

TEST_CASE("a command line counts more than the environment, and that more than a file", "[configuration]") {
  const file_with file{"app {\n  port = 81\n  name = \"file\"\n  limit = 7\n  hosts = [\"f\"]\n}\n"};
  const variable_with port{"APP_PORT", "82"};
  const variable_with name{"APP_NAME", "variable"};
  const variable_with hosts{"APP_HOSTS", "v,w"};
  const variable_with empty{"APP_LIMIT", ""};
  app_config config;
  REQUIRE(read_line(config, {"--config-file=" + file.path, "--app.port=83"}));
  CHECK(config.port == 83);
  CHECK(config.name == "variable");
  CHECK(config.hosts == std::vector<std::string>{"v", "w"});
  CHECK(config.limit == 7);
}

TEST_CASE("an error about the environment names the variable", "[configuration]") {
  CHECK(complaint_about_variable("REGISTRY_SUSPECT_AFTER", "2") == "has the value '2': a unit is missing, write 2s");
  CHECK(complaint_about_variable("APP_PORT", "tcp://10.96.0.1:80") ==
        "must be a number from 0 to 65535, not 'tcp://10.96.0.1:80'");
  CHECK(complaint_about_variable("REGISTRY_ALLOW_NO_SECRET", "maybe") == "must be true or false, not 'maybe'");
  CHECK(complaint_about_variable("APP_HOSTS", "[\"a]").starts_with("must be a list of texts"));
  CHECK(complaint_about_variable("REGISTRY_SECRET_FILE", "/no/file") ==
        "names a file of which no line can be read: '/no/file'");
  const variable_with listen{"REGISTRY_LISTEN", "127.0.0.1:0"};
  CHECK(complaint_about_variable("REGISTRY_DOWN_AFTER", "1s") == "must be at least registry.suspect-after");
  const variable_with overridden{"REGISTRY_DOWN_AFTER", "1s"};
  CHECK(complaint({"--registry.down-after=1500ms"}) ==
        "option --registry.down-after must be at least registry.suspect-after");
}

TEST_CASE("options of CAF have variables with one name on both of its generations", "[configuration]") {
  const variable_with threads{"CAF_SCHEDULER_MAX_THREADS", "3"};
  app_config config;
  const auto all = config.options();
  const auto found = std::ranges::find_if(all, [](const auto& x) { return x.variable == "CAF_SCHEDULER_MAX_THREADS"; });
  REQUIRE(found != all.end());
  REQUIRE(read_line(config, {}));
  CHECK(caf::get_or(config, found->full_name(), std::uint64_t{0}) == 3);
}

TEST_CASE("a secret stands in a file of its own or in the environment, and never on a command line", "[configuration]") {
  const auto secret_of = [](const std::vector<std::string>& arguments) {
    app_config config;
    REQUIRE(read_line(config, arguments));
    return config.cluster().value().secret;
  };
  CHECK(complaint({"--registry.secret=hush"}) ==
        "option --registry.secret must not stand on a command line, which everybody on this machine can read: write the "
        "secret to "
        "a file and give --registry.secret-file=FILE, or set the environment variable REGISTRY_SECRET");
  const file_with file{"in the file \nand more\n"};
  CHECK(secret_of({"--registry.secret-file=" + file.path}) == "in the file");
  const variable_with name{"REGISTRY_SECRET_FILE", file.path};
  CHECK(secret_of({}) == "in the file");
  const variable_with secret{"REGISTRY_SECRET", "in the environment"};
  CHECK(secret_of({}) == "in the file");
  ::unsetenv("REGISTRY_SECRET_FILE");
  CHECK(secret_of({}) == "in the environment");
  CHECK(secret_of({"--registry.secret-file=" + file.path}) == "in the file");
}

TEST_CASE("the environment overrides the secret that a file of options names", "[configuration]") {
  const file_with file{"registry {\n  secret-file = \"/no/file\"\n}\n"};
  const variable_with secret{"REGISTRY_SECRET", "in the environment"};
  app_config config;
  REQUIRE(read_line(config, {"--config-file=" + file.path}));
  CHECK(config.cluster().value().secret == "in the environment");
}

TEST_CASE("a file of options with a secret must be closed to others, and its value is not shown", "[configuration]") {
  CHECK(complaint_about("registry {\n  secret = \"hush\"\n}\n").empty());
  CHECK(complaint_about("registry {\n  secret = 4711\n}\n").find("4711") == std::string::npos);
  const file_with file{"registry {\n  secret = \"hush\"\n}\n", 0644};
  CHECK(
      complaint({"--config-file=" + file.path}) ==
      file.path +
          ":2: option registry.secret stands in a file that everybody on this machine may read or change: make it private, "
          "chmod o= '" +
          file.path + "', or keep the secret in a file of its own: registry.secret-file");
}

TEST_CASE("a file that is not there counts as empty unless the command line names it", "[configuration]") {
  app_config config;
  CHECK(config.read(std::vector<option_setting>{}, "/no/such/file"));
  CHECK(config.port == 80);
  CHECK(complaint({"--config-file=/no/such/file"}) == "option --config-file: there is no readable file '/no/such/file'");
  CHECK(complaint({"--config-file=/tmp"}) == "option --config-file: there is no readable file '/tmp'");
}

TEST_CASE("an error about the command line names the option and what to write instead", "[configuration]") {
  CHECK(complaint({"--regstri.listen=x:1"}) == "there is no option --regstri.listen; did you mean --registry.listen?");
  CHECK(complaint({"--listen=x:1"}) == "there is no option --listen; did you mean --registry.listen?");
  CHECK(complaint({"--conf-file=x"}) == "there is no option --conf-file; did you mean --config-file?");
  CHECK(complaint({"--what.is.this"}) == "there is no option --what.is.this");
  CHECK(complaint({"please"}) == "'please' is not an option; options are written as --group.name=value");
  CHECK(complaint({"--app.port"}) == "option --app.port needs a value: --app.port=VALUE");
  CHECK(complaint({"--app.port=65536"}) == "option --app.port must be a number from 0 to 65535, not '65536'");
  CHECK(complaint({"--app.limit=-1"}) == "option --app.limit must be a whole number, not '-1'");
  CHECK(complaint({"--app.tick=soon"}) ==
        "option --app.tick must be a time with its unit (ns, us, ms, s, min or h), such as 500ms, not 'soon'");
  CHECK(complaint({"--app.tick=5"}) == "option --app.tick has the value '5': a unit is missing, write 5s");
  CHECK(complaint({"--registry.suspect-after=2"}) ==
        "option --registry.suspect-after has the value '2': a unit is missing, write 2s");
  CHECK(complaint({"--app.quiet=maybe"}) == "option --app.quiet must be true or false, not 'maybe'");
  CHECK(complaint({R"(--app.hosts=["a])"}) ==
        R"(option --app.hosts must be a list of texts, such as ["a", "b"], not '["a]')");
}

TEST_CASE("an error about the cluster names the option that can be given", "[configuration]") {
  CHECK(complaint({"--registry.seeds=x:1"}).starts_with("option --registry.listen is missing: a node with seeds"));
  CHECK(complaint({"--registry.listen=x:1", "--registry.cluster="}) == "option --registry.cluster must have 1 to 255 bytes");
  CHECK(complaint({"--registry.listen=nowhere"}).starts_with("option --registry.listen must be host:port: "));
  CHECK(complaint({"--registry.listen=x:1", "--registry.down-after=1s"}) ==
        "option --registry.down-after must be at least registry.suspect-after");
  CHECK(complaint({"--registry.listen=x:1", "--registry.poll-time=11ms"}) ==
        "option --registry.poll-time must be between 0 and 10ms");
  CHECK(complaint({"--registry.secret-file=/no/file"}) ==
        "option --registry.secret-file names a file of which no line can be read: '/no/file'");
  CHECK(complaint({"--registry.encryption=yes"}) == "option --registry.encryption must be required, prefer or none");
  for (const auto* everybody : {"0.0.0.0:1", "[::]:1", "192.0.2.1:1"}) {
    const auto listen = "--registry.listen=" + std::string{everybody};
    const auto open = complaint({listen, "--registry.advertise=db1:1"});
    CHECK(open.starts_with("option --registry.listen is an address that others can reach"));
    CHECK(open.find("registry.secret-file") != std::string::npos);
    CHECK(open.ends_with("registry.allow-no-secret"));
    CHECK(complaint({listen, "--registry.advertise=db1:1", "--registry.allow-no-secret"}).empty());
  }
  CHECK(complaint({"--registry.listen=0.0.0.0:1", "--registry.allow-no-secret"})
            .starts_with("option --registry.advertise is missing: "));
  CHECK(complaint({"--registry.listen=[::1]:1"}).empty());
  cluster_options options;
  options.listen = "x:1";
  options.name = "";
  CHECK(options.validate().error().message() == "option registry.cluster must have 1 to 255 bytes");
}

TEST_CASE("an error about a file names the line", "[configuration]") {
  CHECK(complaint_about("app {\n\n  prt = 1\n}\n") == "3: there is no option app.prt; did you mean app.port?");
  CHECK(complaint_about("# one\nap {\n  port = 1\n}\n") == "2: there is no group ap; did you mean app?");
  CHECK(complaint_about("port = 1\n") == "1: there is no option port; did you mean app.port?");
  CHECK(complaint_about("app {\n  port = 70000\n}\n") == "2: option app.port must be a number from 0 to 65535, not '70000'");
  CHECK(complaint_about("app {\n  name = \"x\"\n  port = \"six\"\n}\n").starts_with("3: option app.port must be a number"));
  CHECK(complaint_about("app {\n  tick = 5\n}\n") == "2: option app.tick has the value '5': a unit is missing, write 5s");
  CHECK(complaint_about("registry {\n  listen = \"x:1\"\n  cluster = \"\"\n}\n") ==
        "3: option registry.cluster must have 1 to 255 bytes");
  CHECK(complaint_about("app {\n  name = \"x\"\n  port = ?\n}\n").starts_with("3:"));
  CHECK(complaint_about("app {\n  name = \"x\"\n  port = ?\n}\n").find("syntax error: ") != std::string::npos);
}

TEST_CASE("of two options that may be meant the one that is not CAF's is suggested", "[configuration]") {
  option_description of_caf;
  of_caf.spelling = "--caf.port";
  of_caf.is_of_caf = true;
  option_description own;
  own.spelling = "--app.port";
  CHECK(unknown_option("--port", {of_caf, own}) == "there is no option --port; did you mean --app.port?");
}

TEST_CASE("of an option in a file and on the command line the latter is wrong", "[configuration]") {
  const file_with file{"registry {\n  listen = \"x:1\"\n}\n"};
  CHECK(complaint({"--config-file=" + file.path, "--registry.listen=nowhere"})
            .starts_with("option --registry.listen must be"));
}

TEST_CASE("options of CAF are understood on the command line and in a file", "[configuration]") {
  app_config named;
  const auto all = named.options();
  const auto threads = std::ranges::find_if(all, [](const auto& x) { return x.is_of_caf && x.name == "max-threads"; });
  REQUIRE(threads != all.end());
  const auto full = threads->full_name();
  REQUIRE(read_line(named, {"--" + full + "=3"}));
  CHECK(caf::get_or(named, full, std::uint64_t{0}) == 3);
  const file_with file{threads->group + " {\n  max-threads = 4\n}\n"};
  app_config filed;
  REQUIRE(read_line(filed, {"--config-file=" + file.path}));
  CHECK(caf::get_or(filed, full, std::uint64_t{0}) == 4);
}

TEST_CASE("the table of options has kinds and defaults", "[configuration]") {
  const auto all = app_config{}.options();
  const auto find = [&](const std::string& name) {
    const auto found = std::ranges::find_if(all, [&](const auto& x) { return x.full_name() == name; });
    REQUIRE(found != all.end());
    return *found;
  };
  CHECK(find("app.port").default_value == "80");
  CHECK(find("app.port").kind == option_kind::number);
  CHECK(find("app.tick").default_value == "1500ms");
  CHECK(find("registry.down-after").default_value == "8s");
  CHECK(find("app.name").default_value == "");
  CHECK(find("app.hosts").default_value == "a,b");
  CHECK(find("app.hosts").kind == option_kind::list);
  CHECK(find("registry.allow-no-secret").default_value == "false");
  CHECK(find("registry.cluster").default_value == "registry");
  CHECK_FALSE(find("mine.other").default_value);
  CHECK_FALSE(find("mine.other").is_of_caf);
  CHECK(find("config-file").group.empty());
  CHECK(help_entry(find("app.tick")) == "  --app.tick=TIME\n      time between two looks (default: 1500ms)\n");
  CHECK(help_entry(find("app.quiet")) == "  --app.quiet\n      say less (default: false)\n");
  CHECK(help_entry(find("app.name")) == "  --app.name=TEXT\n      name of the application (default: not set)\n");
}

TEST_CASE("the guide has all options of the cluster with their variables and defaults, and no others", "[configuration]") {
  const auto unquoted = [](const std::string& cell) { // "`500ms`" or "empty: the node is alone"
    return cell.starts_with('`') ? cell.substr(1, cell.find('`', 1) - 1) : std::string{};
  };
  std::map<std::string, std::vector<std::string>> described;
  std::ifstream guide{CONFIGURATION_GUIDE};
  bool is_here = false;
  for (std::string line; std::getline(guide, line);) {
    if (line.starts_with("## "))
      is_here = line == "## A node of a cluster: group `registry`";
    std::vector<std::string> cells;
    for (std::size_t begin = 2, end = 0; (end = line.find(" | ", begin)) != std::string::npos; begin = end + 3)
      cells.push_back(line.substr(begin, end - begin));
    if (is_here && line.starts_with("| `"))
      described[unquoted(cells.at(0))] = {unquoted(cells.at(1)), cells.at(3)};
  }
  for (const auto& option : clustered_system_config{}.options()) {
    if (option.group != "registry")
      continue;
    CAPTURE(option.name);
    const auto found = described.extract(option.name);
    REQUIRE_FALSE(found.empty());
    CHECK(found.mapped().at(0) == option.variable);
    const auto shown = unquoted(found.mapped().at(1));
    CHECK((shown == "[]" ? "" : shown) == option.default_value);
  }
  CHECK(described.empty());
}

TEST_CASE("--help is no error", "[configuration]") {
  app_config config;
  CHECK(read_line(config, {"--help", "--nonsense"}));
  CHECK(config.has_printed_help());
}

} // namespace registry
