#include <support/command_line.hpp>
#include <support/exit_status.hpp>

#include <registry/node/nearest_word.hpp>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <filesystem>
#include <regex>
#include <utility>

namespace support {

namespace {

using registry::option_description;
using registry::option_kind;

constexpr std::string_view exit_text = R"(
Exit status:
  0  success, also after Ctrl-C (SIGINT) or SIGTERM if the program ends in order
  1  something failed while the program ran
  2  the command line, the configuration or an input file is wrong; nothing was done
)";

constexpr std::string_view value_text = R"(
  TIME is a number with a unit, such as 500ms, 2s or 1min. Elements of a LIST are separated by commas; or the option is given
  several times.
)";

void print_to(std::FILE* where, const std::string& text) {
  fmt::print(where, "{}", text);
  std::fflush(where);
}

/// The same lines, where those that begin with one word begin with another.
std::string with_first_word(const std::string& lines, const std::string& old, const std::string& word) {
  const std::regex first{"(^|\\n)  " + old + " "};
  return std::regex_replace(lines, first, "$1  " + word + " ");
}

std::string before_value(const std::string& argument) {
  return argument.substr(0, argument.find('='));
}

} // namespace

struct command_line::level {
  struct entry {
    option_description what;
    CLI::Option* option;
  };
  struct section {
    std::string title;
    std::vector<option_description> options;
  };

  command_text text;
  CLI::App* app = nullptr;
  std::unique_ptr<CLI::App> owned; // of the program itself
  std::vector<entry> entries;
  std::vector<section> sections;
  std::string file;

  /// How an option of CAF is spelled, which depends on its generation.
  [[nodiscard]] std::string example_of_caf() const {
    const auto found =
        std::ranges::find_if(entries, [](const entry& x) { return x.what.is_of_caf && x.what.name == "max-threads"; });
    return found == entries.end() ? std::string{"--group.name"} : found->what.spelling;
  }
  [[nodiscard]] std::vector<option_description> table() const {
    std::vector<option_description> out;
    for (const auto& x : entries)
      out.push_back(x.what);
    for (const auto* each : {"help", "version"}) {
      auto& added = out.emplace_back(registry::option_of_kind(option_kind::flag));
      added.name = each;
      added.spelling = std::string{"--"} + each;
    }
    return out;
  }
};

command_line::command_line(command_text program) {
  auto& top = *levels_.emplace_back(std::make_unique<level>());
  top.text = std::move(program);
  top.owned = std::make_unique<CLI::App>();
  top.app = top.owned.get();
  top.app->set_help_flag("-h,--help");
  top.app->set_version_flag("--version", std::string{PROGRAM_VERSION});
  top.app->allow_extras();
}

command_line::~command_line() = default;

void command_line::add_command(command_text command) {
  auto& added = *levels_.emplace_back(std::make_unique<level>());
  added.text = std::move(command);
  added.app = levels_.front()->app->add_subcommand(added.text.name);
  added.app->set_help_flag("-h,--help");
  added.app->set_version_flag("--version", std::string{PROGRAM_VERSION});
  added.app->allow_extras();
}

void command_line::add_options(const std::vector<option_description>& table, const std::vector<option_section>& sections,
                               const std::string& file) {
  auto& to = current();
  to.file = file;
  const auto add = [&](const option_description& what) {
    // The full name is understood, too, if the usual spelling leaves out the group.
    const auto full = "--" + what.full_name();
    const auto names = what.spelling == full ? full : what.spelling + "," + full;
    auto* const option =
        what.kind == option_kind::flag ? to.app->add_flag(names) : to.app->add_option(names)->expected(0, 1);
    option->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    to.entries.push_back({what, option});
  };
  for (const auto& each : sections) {
    auto& shown = to.sections.emplace_back();
    shown.title = each.title;
    for (const auto& what : table) {
      if (what.group == each.group && !what.is_of_caf && what.full_name() != "config-file" &&
          (each.names.empty() || std::ranges::find(each.names, what.name) != each.names.end())) {
        if (!what.is_secret) // its error says where it belongs
          shown.options.push_back(what);
        add(what);
      }
    }
  }
  for (const auto& what : table) {
    if (what.is_of_caf || what.full_name() == "config-file")
      add(what);
  }
}

std::optional<command_end> command_line::parse(int argc, const char* const* argv) {
  auto& program = *levels_.front();
  if (argc > 0)
    rename(std::filesystem::path{argv[0]}.filename().string());
  try {
    program.app->parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    return command_end{succeeded, help(chosen())};
  } catch (const CLI::CallForVersion&) {
    return command_end{succeeded, fmt::format("{} {}\n", program.text.name, PROGRAM_VERSION)};
  } catch (const CLI::ParseError& e) {
    return wrong(e.what());
  }
  if (const auto what = complaint())
    return wrong(*what);
  return std::nullopt;
}

void command_line::rename(const std::string& program) {
  const auto before = std::exchange(levels_.front()->text.name, program);
  for (const auto& x : levels_)
    x->text.example = with_first_word(x->text.example, before, program);
}

std::optional<std::string> command_line::complaint() const {
  const auto rest = levels_.front()->app->remaining(true);
  const auto& of = chosen();
  if (levels_.size() > 1 && &of == levels_.front().get()) {
    std::vector<std::string> commands;
    for (const auto& x : levels_)
      commands.push_back(x->text.name);
    commands.erase(commands.begin());
    const auto word = std::ranges::find_if(rest, [](const auto& x) { return !x.starts_with('-'); });
    if (word == rest.end())
      return fmt::format("a command is missing: {}", fmt::join(commands, ", "));
    const auto near = registry::did_you_mean(registry::nearest_word(*word, commands));
    return fmt::format("there is no command {}{}", *word,
                       near.empty() ? fmt::format("; commands are {}", fmt::join(commands, ", ")) : near);
  }
  if (!rest.empty())
    return about_unknown(rest.front());
  for (const auto& [what, option] : of.entries) {
    const auto& values = option->results();
    if (std::ranges::find(values, "") != values.end())
      return fmt::format("option {} needs a value: {}=VALUE", what.spelling, what.spelling);
  }
  return std::nullopt;
}

std::string command_line::about_unknown(const std::string& argument) const {
  const auto& of = chosen();
  const auto written = before_value(argument);
  if (!argument.starts_with('-'))
    return fmt::format("'{}' is not an option; options are written as --name=value", argument);
  const auto has_it = [&](const level& x) {
    return std::ranges::any_of(x.entries, [&](const auto& each) {
      return written == each.what.spelling || written == "--" + each.what.full_name();
    });
  };
  const auto& program = levels_.front()->text.name;
  if (has_it(of))
    return fmt::format("option {} must stand behind the command: {} {} {}", written, program, of.text.name, written);
  const auto other = std::ranges::find_if(levels_, [&](const auto& x) { return has_it(*x); });
  if (other != levels_.end())
    return fmt::format("{} has no option {}; it is one of {} {}", of.text.name, written, program, (*other)->text.name);
  return registry::unknown_option(written, of.table());
}

const command_line::level& command_line::chosen() const {
  const auto found = std::find_if(levels_.begin() + 1, levels_.end(), [](const auto& x) { return x->app->parsed(); });
  return found == levels_.end() ? *levels_.front() : **found;
}

std::string command_line::command() const {
  const auto& of = chosen();
  return &of == levels_.front().get() ? std::string{} : of.text.name;
}

std::vector<registry::option_setting> command_line::settings() const {
  std::vector<registry::option_setting> out;
  for (const auto& [what, option] : chosen().entries) {
    for (const auto& value : option->results())
      out.push_back({what.full_name(), value});
  }
  return out;
}

std::optional<std::string> command_line::setting(std::string_view full_name) const {
  std::optional<std::string> out;
  for (auto& [name, value] : settings()) {
    if (name == full_name)
      out = value;
  }
  return out;
}

registry::result<std::uint64_t> command_line::number(std::string_view full_name, std::uint64_t otherwise,
                                                     std::uint64_t least, std::uint64_t greatest) const {
  const auto text = setting(full_name);
  if (!text)
    return otherwise;
  std::uint64_t value = 0;
  const auto read = std::from_chars(text->data(), text->data() + text->size(), value);
  if (read.ec != std::errc{} || read.ptr != text->data() + text->size() || value < least || value > greatest)
    return registry::error(
        registry::errc::invalid_argument,
        fmt::format("option --{} must be a number from {} to {}, not '{}'", full_name, least, greatest, *text));
  return value;
}

std::string command_line::help(const level& of) const {
  const auto& program = *levels_.front();
  const bool is_program = &of == &program;
  const auto name = is_program ? program.text.name : program.text.name + " " + of.text.name;
  auto out = fmt::format("{}: {}\n\nUsage:\n  {}{} [options]\n", name, of.text.purpose, name,
                         is_program && levels_.size() > 1 ? " <command>" : "");
  if (is_program && levels_.size() > 1) {
    out += "\nCommands:\n";
    for (auto x = levels_.begin() + 1; x != levels_.end(); ++x)
      out += fmt::format("  {:<10} {}\n", (*x)->text.name, (*x)->text.purpose);
    out += fmt::format("\n  {} <command> --help shows the options of a command.\n", name);
  }
  for (const auto& section : of.sections) {
    out += fmt::format("\n{}:\n", section.title);
    for (const auto& option : section.options)
      out += registry::help_entry(option);
  }
  out += "\nGeneral options:\n";
  if (!of.file.empty())
    out += fmt::format(
        "  --config-file=FILE\n      configuration file (default: {} in the working directory, if there is one)\n", of.file);
  out += "  -h, --help\n      print this text and end\n  --version\n      print the version and end\n";
  if (!of.file.empty())
    out += fmt::format(
        "{}\n  The file has the same options: registry {{ listen = \"127.0.0.1:4700\" }}; so has the environment:\n"
        "  REGISTRY_LISTEN=127.0.0.1:4700. The command line overrides the environment, and the environment the file.\n"
        "  Options of CAF are given in the same way, such as {}=2.\n",
        value_text, of.example_of_caf());
  out += fmt::format("\nExample:\n{}{}", of.text.example, exit_text);
  return out;
}

command_end command_line::wrong(const std::string& what) const {
  const auto& program = levels_.front()->text.name;
  const auto of = command();
  return {wrong_usage, fmt::format("{}: {}\nTry '{}{}{} --help'.\n", program, what, program, of.empty() ? "" : " ", of)};
}

int finish(const command_end& end) {
  print_to(end.status == succeeded ? stdout : stderr, end.text);
  return end.status;
}

} // namespace support
