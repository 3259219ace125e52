#pragma once

#include <registry/error/error.hpp>
#include <registry/node/option_table.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// NOLINTBEGIN(readability-identifier-naming): names of the library
namespace CLI {
class App;
class Option;
} // namespace CLI
// NOLINTEND(readability-identifier-naming)

namespace support {

/// The help text of a program or of one of its commands.
struct command_text {
  std::string name;
  /// One sentence, which begins in lower case and has no full stop.
  std::string purpose;
  /// Whole lines, indented by two spaces.
  std::string example;
};

/// Some options under a title of a help text.
struct option_section {
  std::string title;
  /// The group that they are of.
  std::string group;
  /// Their names; empty for all of the group.
  std::vector<std::string> names;
};

/// The complaint about a command line, or the text of `--help` or `--version`; either way the program ends.
struct command_end {
  int status = 0;
  std::string text;
};

/// The command line of a program: options from a table, perhaps behind a command such as `submit`. Parsed by CLI11; its errors are
/// in the words of this project, and name the word that was probably meant.
class command_line {
public:
  explicit command_line(command_text program);
  command_line(const command_line&) = delete;
  command_line& operator=(const command_line&) = delete;
  ~command_line();

  /// Adds a command: from then on the options that are added are its own.
  void add_command(command_text command);
  /// Adds the options of these sections, and without a section in the help text CAF's own. `file` is the configuration file that is
  /// read from the working directory if there is one; empty if the table has no `config-file`.
  void add_options(const std::vector<registry::option_description>& table, const std::vector<option_section>& sections,
                   const std::string& file = {});

  /// Parses. Nothing if the program can go on. Help, version and errors call the program as it was started, `argv[0]`: a system
  /// may know it by another name than this project.
  [[nodiscard]] std::optional<command_end> parse(int argc, const char* const* argv);

  /// The command that was given; empty if the program has none.
  [[nodiscard]] std::string command() const;
  /// The given values, in no particular order but for the elements of one list.
  [[nodiscard]] std::vector<registry::option_setting> settings() const;
  /// The last value that was given for an option.
  [[nodiscard]] std::optional<std::string> setting(std::string_view full_name) const;
  /// A number that was given, or this one. The error names the option and the bounds.
  [[nodiscard]] registry::result<std::uint64_t> number(std::string_view full_name, std::uint64_t otherwise,
                                                       std::uint64_t least, std::uint64_t greatest) const;

private:
  struct level;

  void rename(const std::string& program);
  [[nodiscard]] level& current() const { return *levels_.back(); }
  [[nodiscard]] const level& chosen() const;
  [[nodiscard]] std::optional<std::string> complaint() const;
  [[nodiscard]] std::string about_unknown(const std::string& argument) const;
  [[nodiscard]] std::string help(const level& of) const;
  [[nodiscard]] command_end wrong(const std::string& what) const;

  /// The program, then its commands.
  std::vector<std::unique_ptr<level>> levels_;
};

/// Prints the text: on the standard output if nothing is wrong, on standard error else. Returns the exit status.
int finish(const command_end& end);

} // namespace support
