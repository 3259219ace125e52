#include <chat/irc/line_buffer.hpp>

#include <algorithm>

namespace chat::irc {

void line_buffer::append(std::string_view bytes) {
  bytes_.erase(0, start_);
  scanned_ -= start_;
  start_ = 0;
  std::ranges::remove_copy(bytes, std::back_inserter(bytes_), '\0');
}

std::optional<input_line> line_buffer::next() {
  for (;;) {
    auto end = bytes_.find_first_of("\r\n", scanned_);
    if (end == std::string::npos) {
      scanned_ = bytes_.size();
      if (discarding_ || size() > max_line) {
        discarding_ = true;
        start_ = scanned_;
      }
      return std::nullopt;
    }
    auto length = end - start_;
    auto begin = start_;
    start_ = scanned_ = end + 1;
    if (discarding_ || length > max_line) {
      discarding_ = false;
      return input_line{{}, true};
    }
    if (length > 0)
      return input_line{bytes_.substr(begin, length), false};
  }
}

} // namespace chat::irc
