#include <apps/dispatch/support/processes.hpp>

#include <registry/value/json.hpp>

#include <support/catch.hpp>

#include <chrono>
#include <fstream>
#include <iterator>
#include <set>

#include <unistd.h>

namespace dispatch::testing {

using namespace std::chrono_literals;
using cluster_tests::child_process;

work_directory::work_directory()
    : path(std::filesystem::temp_directory_path() / ("dispatch_test." + std::to_string(::getpid()))) {
  std::filesystem::create_directories(path);
}

std::string work_directory::with(const std::string& name, const std::string& content) const {
  std::ofstream{path / name} << content;
  return file(name);
}

std::vector<std::string> command_line(const std::vector<std::string>& arguments, const std::string& seed) {
  std::vector<std::string> out{DISPATCH_PROGRAM};
  out.insert(out.end(), arguments.begin(), arguments.end());
  // A killed process is noticed at once; on a busy machine a live one may be silent for a while, too.
  for (const auto* option : {"--config-file=/dev/null", "--registry.listen=127.0.0.1:0", "--registry.suspect-after=1min",
                             "--registry.down-after=2min"})
    out.emplace_back(option);
  if (!seed.empty())
    out.push_back("--registry.seeds=[\"" + seed + "\"]");
  return out;
}

worker_process::worker_process(const std::string& capacity, const std::string& seed, const std::string& mark)
    : child(command_line({"worker", "--queue", "q", "--capacity", capacity}, seed),
            {.network = -1, .own_pids = false, .environment = {"DISPATCH_TEST=" + mark}}) {
  const auto line = child.read_line(60s);
  const std::string prefix = "listening on ";
  REQUIRE(line);
  REQUIRE(line->starts_with(prefix));
  address = line->substr(prefix.size());
  REQUIRE(child.read_line(60s));
}

std::vector<registry::value> results_in(const std::string& file) {
  std::vector<registry::value> out;
  std::ifstream in{file};
  for (std::string line; std::getline(in, line) && !in.eof();)
    out.push_back(registry::from_json(line).value());
  return out;
}

std::string status_at(const std::string& address) {
  child_process status{command_line({"status"}, address)};
  auto line = status.read_line(60s).value_or("(nothing)");
  CHECK(status.wait(60s) == 0);
  return line;
}

bool each_once(const std::vector<registry::value>& results, std::size_t count, const char* status) {
  std::set<std::int64_t> ids;
  for (const auto& x : results) {
    if (identical(*x.find("status"), status))
      ids.insert(*x.find("id")->as_integer());
  }
  return results.size() == count && ids.size() == count;
}

namespace {

std::string content_of(const std::filesystem::path& file) {
  std::ifstream in{file, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

bool has_ended(const std::filesystem::path& process) {
  const auto stat = content_of(process / "stat");
  const auto name_end = stat.rfind(')');
  return name_end == std::string::npos || name_end + 2 >= stat.size() || stat[name_end + 2] == 'Z';
}

} // namespace

std::vector<pid_t> processes_marked(const std::string& mark, pid_t but) {
  const auto looked_for = std::string{'\0'} + "DISPATCH_TEST=" + mark + '\0';
  std::vector<pid_t> out;
  for (const auto& each : std::filesystem::directory_iterator{"/proc"}) {
    const auto name = each.path().filename().string();
    if (name.find_first_not_of("0123456789") != std::string::npos)
      continue;
    const auto environment = '\0' + content_of(each.path() / "environ");
    if (environment.find(looked_for) != std::string::npos && !has_ended(each.path()) && std::stoi(name) != but)
      out.push_back(std::stoi(name));
  }
  return out;
}

} // namespace dispatch::testing
