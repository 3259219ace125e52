#pragma once

#include <chat/irc/numeric.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chat::irc {

/// The length of a line in RFC 2812, without the CR LF that ends it.
inline constexpr std::size_t max_line = 510;
/// The greatest number of parameters of a command.
inline constexpr std::size_t max_params = 15;

/// A line taken apart: `[":" prefix] command params… [":" trailing]`. The views point into the line.
struct message {
  std::string_view prefix;
  std::string_view command;
  std::vector<std::string_view> params;

  /// The i-th parameter, or an empty text.
  [[nodiscard]] std::string_view param(std::size_t i) const noexcept {
    return i < params.size() ? params[i] : std::string_view{};
  }
};

/// Takes a line (without its end) apart; nothing if there is no command in it. Accepts any bytes.
std::optional<message> parse(std::string_view line);

/// The last parameter of a line when it is free text: written behind a colon, so that it may hold spaces or nothing.
struct text {
  std::string_view content;
};

/// Puts a line together. Whatever the parameters hold, the result is one line of at most `max_line` bytes: what would break it
/// is replaced, what is too long is cut (never inside of a UTF-8 character).
class composer {
public:
  /// `source` goes before the command, behind a colon, unless it is empty.
  composer(std::string_view source, std::string_view command);

  /// Adds a parameter that is one word; an empty one is written as `*`.
  composer& add(std::string_view word);
  composer& add(text rest);

  [[nodiscard]] std::string line() &&;

private:
  std::string line_;
};

/// The line `:source command params…`; parameters are words, the last may be a `text`.
template <class... Params>
std::string compose(std::string_view source, std::string_view command, const Params&... params) {
  composer result{source, command};
  (result.add(params), ...);
  return std::move(result).line();
}

/// A numeric reply to `target`.
template <class... Params>
std::string compose(std::string_view source, numeric number, std::string_view target, const Params&... params) {
  return compose(source, std::string_view{digits(number)}, target, params...);
}

/// Cuts a text to at most `size` bytes, never inside of a UTF-8 character.
std::string_view cut(std::string_view content, std::size_t size) noexcept;

/// The parts of a list such as `#a,#b`, without the empty ones.
std::vector<std::string_view> split_list(std::string_view list);

} // namespace chat::irc
