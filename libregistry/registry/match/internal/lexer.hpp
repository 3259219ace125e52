#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace registry::internal {

/// A word of the text notation.
struct token {
  enum class kind : std::uint8_t {
    end,      ///< of the text
    symbol,   ///< punctuation or an operator
    name,     ///< letters, digits and underscores
    variable, ///< `$1`, `$_`, `$$`
    number,   ///< without a sign
    string,   ///< `content` is what it says
    bytes,    ///< `b"00ff"`; `content` is the bytes
    invalid,  ///< a mistake at `position`; `content` is the message
  };

  kind what = kind::end;
  std::string_view text; ///< as it stands in the source
  std::size_t position = 0;
  std::string content;
};

/// Splits a text into tokens, one at a time. After an invalid token there is no point in going on.
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

  std::string_view text_; ///< what is left
  std::size_t position_ = 0;
};

} // namespace registry::internal
