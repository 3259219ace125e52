// The command lines of the programs.

#include <fuzz/target.hpp>

#include <support/command_line.hpp>
#include <support/exit_status.hpp>

namespace registry::fuzz::command_line_target {

namespace {

option_description option(const std::string& group, const std::string& name, option_kind kind) {
  auto out = option_of_kind(kind);
  out.group = group;
  out.name = name;
  out.spelling = "--" + (group == "app" ? name : out.full_name());
  out.purpose = "the " + name;
  return out;
}

std::vector<option_description> table() {
  using enum option_kind;
  auto threads = option("caf", "max-threads", number);
  threads.is_of_caf = true;
  return {option("", "config-file", text), option("app", "queue", text), option("app", "jobs", text),
          option("net", "seeds", list),    option("net", "open", flag),  threads};
}

void add_commands(support::command_line& line) {
  line.add_command({"worker", "works", "  tool worker --queue=q\n"});
  line.add_options(table(), {{"Worker options", "app", {"queue"}}, {"Network options", "net", {}}}, "tool.conf");
  line.add_command({"submit", "submits", "  tool submit\n"});
  line.add_options(table(), {{"Submit options", "app", {"queue", "jobs"}}}, "tool.conf");
}

/// The arguments, with null characters between them, behind a byte that says whether there are commands.
void run(input data) {
  script in{data};
  support::command_line line{{"tool", "does things", "  tool work\n"}};
  if (in.coin())
    add_commands(line);
  else
    line.add_options(table(), {{"Options", "app", {}}, {"Network options", "net", {}}}, "tool.conf");
  std::vector<std::string> arguments{"tool"};
  for (const auto x : split(in.rest(), '\0'))
    arguments.emplace_back(x);
  std::vector<const char*> pointers;
  for (const auto& x : arguments)
    pointers.push_back(x.c_str());
  const auto end = line.parse(static_cast<int>(pointers.size()), pointers.data());
  if (end) {
    expect(end->status == support::succeeded || end->status == support::wrong_usage, "an unexpected exit status");
    expect(!end->text.empty() && end->text.ends_with('\n'), "the program ends without a text");
    return;
  }
  for (const auto& x : line.settings()) {
    expect(!x.name.empty() && line.setting(x.name).has_value(), "a setting is lost");
    const auto number = line.number(x.name, 1, 1, 10);
    if (number)
      expect(number.value() >= 1 && number.value() <= 10, "a number is out of bounds");
    else
      expect(number.error() == errc::invalid_argument, "an unexpected error");
  }
}

const registration it{"command_line", run};

} // namespace

} // namespace registry::fuzz::command_line_target
