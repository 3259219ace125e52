#pragma once

#include <support/waiting.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chat::testing {

/// A user in a test: sends lines and waits, for a bounded time, for lines to come.
class irc_user {
public:
  irc_user() = default;
  irc_user(const irc_user&) = delete;
  irc_user& operator=(const irc_user&) = delete;
  virtual ~irc_user() = default;

  virtual void send(std::string_view line) = 0;
  /// The next line; nothing if the connection has ended. Throws if there is none for a minute.
  virtual std::optional<std::string> next() = 0;

  /// Introduces itself and waits until it is welcome.
  void log_in(const std::string& nick);
  /// Joins a channel and waits until it has seen who is there.
  void join(const std::string& channel);
  /// Skips lines until one contains this text, and returns it. Throws if there is none.
  std::string expect(std::string_view part);
  /// All lines that the server has written until now.
  std::vector<std::string> read_all();
  /// The lines until one contains this text, that one included.
  std::vector<std::string> read_until(std::string_view part);
  /// Sends a line and returns all that comes back.
  std::vector<std::string> ask(std::string_view line);
  /// Reads until the connection has ended, and returns the last line.
  std::string read_to_end();

private:
  int syncs_ = 0;
};

using registry::testing::eventually;

/// How many of the lines contain this text.
std::size_t count_of(const std::vector<std::string>& lines, std::string_view part);
/// All lines as one text, for messages of failed checks.
std::string text_of(const std::vector<std::string>& lines);

} // namespace chat::testing
