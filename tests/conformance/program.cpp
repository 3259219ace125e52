#include <conformance/notation.hpp>
#include <conformance/program.hpp>
#include <conformance/replayer.hpp>
#include <registry/node/system_config.hpp>

#include <caf/actor_system.hpp>

#include <algorithm>
#include <fstream>
#include <functional>
#include <iostream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace registry::conformance {

namespace {

constexpr std::size_t shown_mismatches = 20;

constexpr std::string_view usage = R"(usage: trace_replay [--help] [--via-messages] FILE...

Replays traces (see tests/conformance/FORMAT.md) against one node, and compares every result, event and message.
  --via-messages  send the operations as messages to the actor of the scope instead of calling the functions of `scope`
Exit status: 0 if everything agrees, 1 if something differs, 2 if a file is not of the format or cannot be read.
)";

struct command_line {
  route way = route::calls;
  std::vector<std::string> files;
};

std::optional<command_line> parse(std::span<const char* const> arguments, std::ostream& errors) {
  command_line read;
  for (const std::string_view argument : arguments) {
    if (argument == "--via-messages") {
      read.way = route::messages;
    } else if (argument.starts_with("-")) {
      errors << "unknown option " << argument << '\n' << usage;
      return std::nullopt;
    } else {
      read.files.emplace_back(argument);
    }
  }
  if (read.files.empty()) {
    errors << usage;
    return std::nullopt;
  }
  return read;
}

/// Prints the first mismatches of all files.
class printer {
public:
  explicit printer(std::ostream& out) : out_(out) {}

  void operator()(const trace& from, const operation& what, const std::vector<std::string>& differences) {
    if (++seen_ > shown_mismatches)
      return;
    out_ << from.file << ':' << what.line << ": operation " << what.line - 1 << ", " << what.kind->name;
    if (what.by != nullptr)
      out_ << " by " << from.actors.name_of(what.by);
    out_ << '\n';
    for (const auto& text : differences)
      out_ << "  " << indented(text) << '\n';
  }

  void finish() {
    if (seen_ > shown_mismatches)
      out_ << "... and " << seen_ - shown_mismatches << " more mismatches\n";
  }

private:
  static std::string indented(const std::string& text) {
    std::string out;
    for (const char c : text)
      out.append(1, c).append(c == '\n' ? "  " : "");
    return out;
  }

  std::ostream& out_;
  std::size_t seen_ = 0;
};

/// Replays files one after the other; a refused one does not prevent the others from being replayed.
exit_status replay_all(node& home, const command_line& order, std::ostream& out, std::ostream& errors) {
  printer print(out);
  replayer player(home, order.way, std::ref(print));
  tally all;
  bool complete = true;
  for (const auto& file : order.files) {
    std::ifstream in(file, std::ios::binary);
    const auto one = in ? player.replay(in, file) : error(errc::invalid_argument, file + ": cannot be opened");
    if (!one) {
      errors << one.error().message() << std::endl;
      complete = false;
      continue;
    }
    if (!one.value().remark.empty())
      errors << file << ": " << one.value().remark << std::endl;
    all.operations += one.value().operations;
    all.mismatches += one.value().mismatches;
  }
  print.finish();
  out << "operations " << all.operations << ", mismatches " << all.mismatches << std::endl;
  return !complete ? refused : all.mismatches == 0 ? agrees : differs;
}

} // namespace

exit_status run_program(std::span<const char* const> arguments, std::ostream& out, std::ostream& errors) {
  if (std::ranges::find(arguments, std::string_view{"--help"}) != arguments.end()) {
    out << usage;
    return agrees;
  }
  const auto order = parse(arguments, errors);
  if (!order)
    return refused;
  system_config config;
  caf::actor_system system(config);
  auto home = node::start(system);
  if (!home) {
    errors << home.error().message() << '\n';
    return refused;
  }
  return replay_all(home.value(), *order, out, errors);
}

} // namespace registry::conformance
