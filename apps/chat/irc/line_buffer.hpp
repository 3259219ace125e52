#pragma once

#include <chat/irc/message.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace chat::irc {

/// A line as it came from a client. One of more than `max_line` bytes is refused as a whole: it has no content.
struct input_line {
  std::string content;
  bool too_long = false;
};

/// Cuts a stream of bytes into lines. A CR or an LF ends a line (RFC 2812 wants both, clients send either), empty lines are
/// skipped, and NUL, which no line may have, is dropped. Holds at most one unfinished line and what was appended last.
class line_buffer {
public:
  void append(std::string_view bytes);

  /// The next complete line, if there is one.
  std::optional<input_line> next();

  /// The number of bytes that wait.
  [[nodiscard]] std::size_t size() const noexcept { return bytes_.size() - start_; }

private:
  std::string bytes_;
  std::size_t start_ = 0;   // what is before has been returned
  std::size_t scanned_ = 0; // no line ends before
  bool discarding_ = false; // inside of a line that is too long already
};

} // namespace chat::irc
