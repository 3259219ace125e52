#pragma once

#include <string>
#include <string_view>

namespace dispatch {

/// A command's output as UTF-8.
struct output_text {
  std::string text;
  /// Whether there were bytes that are no UTF-8; each stands as `\xff`. Backslashes of the output itself stay as they are.
  bool escaped = false;
};

/// Takes any bytes. Linear; the text is at most four times as long.
output_text to_text(std::string_view bytes);

/// The bytes without the beginning of a character at their end, for an output that was cut there. Other bytes that are no UTF-8
/// stay. Constant time.
std::string_view without_cut_character(std::string_view bytes);

} // namespace dispatch
