// Replays recorded traces of the real peer against one node of this project: see FORMAT.md.

#include <conformance/notation.hpp>
#include <conformance/replayer.hpp>
#include <registry/node/system_config.hpp>

#include <caf/actor_system.hpp>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace registry;
using namespace registry::conformance;

constexpr int differs = 1;
constexpr int refused = 2;
constexpr std::size_t shown_mismatches = 20;

constexpr std::string_view usage = R"(usage: trace_replay [--via-messages] FILE...

Replays traces (see tests/conformance/FORMAT.md) against one node, and compares every result, event and message.
  --via-messages  send the operations as messages to the actor of the scope instead of calling the functions of `scope`
Exit status: 0 if everything agrees, 1 if something differs, 2 if a file is not of the format or cannot be read.
)";

/// Prints the first mismatches of all files.
class printer {
public:
  void operator()(const trace& from, const operation& what, const std::vector<std::string>& differences) {
    if (++seen_ > shown_mismatches)
      return;
    const notation values(from.actors);
    std::cout << from.file << ':' << what.line << ": operation " << what.line - 1 << ", " << what.kind->name;
    if (what.by != nullptr)
      std::cout << " by " << from.actors.name_of(what.by);
    std::cout << '\n';
    for (const auto& text : differences)
      std::cout << "  " << indented(text) << '\n';
  }

  void finish() const {
    if (seen_ > shown_mismatches)
      std::cout << "... and " << seen_ - shown_mismatches << " more mismatches\n";
  }

private:
  static std::string indented(const std::string& text) {
    std::string out;
    for (const char c : text)
      out.append(1, c).append(c == '\n' ? "  " : "");
    return out;
  }

  std::size_t seen_ = 0;
};

int replay_all(node& home, route way, const std::vector<std::string>& files) {
  printer print;
  replayer player(home, way, std::ref(print));
  tally all;
  bool complete = true;
  for (const auto& file : files) {
    std::ifstream in(file, std::ios::binary);
    const auto one = in ? player.replay(in, file) : error(errc::invalid_argument, file + ": cannot be opened");
    if (!one) {
      std::cerr << one.error().message() << '\n';
      complete = false;
      continue;
    }
    if (!one.value().remark.empty())
      std::cerr << file << ": " << one.value().remark << '\n';
    all.operations += one.value().operations;
    all.mismatches += one.value().mismatches;
  }
  print.finish();
  std::cout << "operations " << all.operations << ", mismatches " << all.mismatches << std::endl;
  return !complete ? refused : all.mismatches == 0 ? 0 : differs;
}

} // namespace

int main(int argc, char** argv) {
  auto way = route::calls;
  std::vector<std::string> files;
  for (const std::string_view argument : std::span(argv + 1, argv + argc)) {
    if (argument == "--via-messages") {
      way = route::messages;
    } else if (argument.starts_with("-")) {
      std::cerr << "unknown option " << argument << '\n' << usage;
      return refused;
    } else {
      files.emplace_back(argument);
    }
  }
  if (files.empty()) {
    std::cerr << usage;
    return refused;
  }
  system_config config;
  caf::actor_system system(config);
  auto home = node::start(system);
  if (!home) {
    std::cerr << home.error().message() << '\n';
    return refused;
  }
  return replay_all(home.value(), way, files);
}
