#include <registry/node/clustered_system_config.hpp>

#include <support/catch.hpp>

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace registry {

namespace {

/// An application's configuration, with an option of each kind.
struct app_config : clustered_system_config {
  app_config() {
    option_group{*this, "app"}
        .add(port, "port", "port to listen on")
        .add(limit, "limit", "bytes")
        .add(tick, "tick", "time between two looks")
        .add(name, "name", "name of the application")
        .add(hosts, "hosts", "addresses")
        .add(quiet, "quiet", "say less");
    opt_group{custom_options_, "mine"}.add(other, "other", "an option in CAF's own way");
  }

  std::uint16_t port = 80;
  std::size_t limit = 1'000;
  caf::timespan tick = std::chrono::milliseconds{1'500};
  std::string name;
  std::vector<std::string> hosts{"a", "b"};
  bool quiet = false;
  std::string other;
};

/// A file that goes with this object.
class file_with {
public:
  explicit file_with(const std::string& content) { std::ofstream{path} << content; }
  file_with(const file_with&) = delete;
  file_with& operator=(const file_with&) = delete;
  ~file_with() { std::filesystem::remove(path); }

  const std::string path = std::filesystem::temp_directory_path() / ("configuration_test." + std::to_string(::getpid()));
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

/// What is said of a file, from the number of the line on.
std::string complaint_about(const std::string& content) {
  const file_with file{content};
  const auto said = complaint({"--config-file=" + file.path});
  CHECK(said.starts_with(file.path + ":"));
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
  CHECK(complaint({"--app.tick=5"}) ==
        "option --app.tick must be a time with its unit (ns, us, ms, s, min or h), such as 500ms, not '5'");
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
  CHECK(complaint({"--registry.secret-file=/no/file"}) ==
        "option --registry.secret-file names a file of which no line can be read: '/no/file'");
  cluster_options options;
  options.listen = "x:1";
  options.name = "";
  CHECK(options.validate().error().message() == "option registry.cluster must have 1 to 255 bytes");
}

TEST_CASE("an error about a file names the line", "[configuration]") {
  CHECK(complaint_about("app {\n\n  prt = 1\n}\n") == "3: there is no option app.prt; did you mean app.port?");
  CHECK(complaint_about("# one\nap {\n  port = 1\n}\n") == "2: there is no group ap; did you mean app?");
  CHECK(complaint_about("port = 1\n") == "1: there is no option port; did you mean app.port?");
  CHECK(complaint_about("app {\n  port = 70000\n}\n") == "2: option app.port must be a number from 0 to 65535, not 70000");
  CHECK(complaint_about("app {\n  name = \"x\"\n  port = \"six\"\n}\n").starts_with("3: option app.port must be a number"));
  CHECK(complaint_about("registry {\n  listen = \"x:1\"\n  cluster = \"\"\n}\n") ==
        "3: option registry.cluster must have 1 to 255 bytes");
  CHECK(complaint_about("app {\n  name = \"x\"\n  port = ?\n}\n").starts_with("3:"));
  CHECK(complaint_about("app {\n  name = \"x\"\n  port = ?\n}\n").find("syntax error: ") != std::string::npos);
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
  CHECK(help_entry(find("app.name")) == "  --app.name=TEXT\n      name of the application (default: none)\n");
}

TEST_CASE("--help is no error", "[configuration]") {
  app_config config;
  CHECK(read_line(config, {"--help", "--nonsense"}));
  CHECK(config.has_printed_help());
}

} // namespace registry
