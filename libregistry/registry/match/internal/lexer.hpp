#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace registry::inline v0_2::internal {

/// A token of the text notation.
struct token {
  enum class kind : std::uint8_t {
    end,      ///< of the text
    symbol,   ///< punctuation or an operator
    name,     ///< letters, digits and underscores
    variable, ///< `$1`, `$_`, `$$`
    number,   ///< without a sign
    string,   ///< `content` is its decoded text
    bytes,    ///< `b"00ff"`; `content` is the bytes
    invalid,  ///< an error at `position`; `content` is the message
  };

  kind what = kind::end;
  std::string_view text; ///< as it appears in the source
  std::size_t position = 0;
  std::string content;
};

/// Splits a text into tokens, one at a time. Do not go on after an invalid token.
class lexer {
public:
  explicit lexer(std::string_view text) noexcept : text_(text) {}

  token next();

private:
  token take(token::kind what, std::size_t length);
  [[nodiscard]] token mistake(std::size_t offset, std::string message) const;
  token take_symbol();
  token take_variable();
  token take_number();
  token take_quoted(std::size_t prefix);
  token decode_string(std::size_t length);
  token decode_bytes(std::size_t length);

  std::string_view text_; ///< the rest
  std::size_t position_ = 0;
};

} // namespace registry::inline v0_2::internal
