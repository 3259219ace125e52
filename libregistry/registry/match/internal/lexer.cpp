#include <registry/match/internal/lexer.hpp>
#include <registry/value/internal/text.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace registry::inline v0_2::internal {

namespace {

// Longer ones first, so that the first match is the longest.
constexpr std::array<std::string_view, 29> symbols{"=:=", "=/=", "->", "==", "/=", "!=", "=<", "<=", ">=", "&&",
                                                   "||",  "[",   "]",  "{",  "}",  "(",  ")",  ",",  ":",  ";",
                                                   "|",   "<",   ">",  "+",  "-",  "*",  "=",  "!",  "/"};

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_name(char c) {
  return is_digit(c) || c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

std::size_t length_of(std::string_view text, bool (*belongs)(char)) {
  return static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), belongs) - text.begin());
}

void append_utf8(std::string& out, char32_t x) {
  const auto tail = [&out, x](int shift) { out += static_cast<char>(0x80 | ((x >> shift) & 0x3f)); };
  if (x < 0x80) {
    out += static_cast<char>(x);
  } else if (x < 0x800) {
    out += static_cast<char>(0xc0 | (x >> 6));
    tail(0);
  } else if (x < 0x10000) {
    out += static_cast<char>(0xe0 | (x >> 12));
    tail(6);
    tail(0);
  } else {
    out += static_cast<char>(0xf0 | (x >> 18));
    tail(12);
    tail(6);
    tail(0);
  }
}

// The number that the `\uXXXX` at the front stands for.
std::optional<char32_t> utf16_unit(std::string_view text) {
  if (text.size() < 6 || !text.starts_with("\\u"))
    return std::nullopt;
  std::uint32_t unit = 0;
  const auto end = std::from_chars(text.data() + 2, text.data() + 6, unit, 16).ptr;
  return end == text.data() + 6 ? std::optional<char32_t>(unit) : std::nullopt;
}

// Decodes the escape sequence at the front into `out`; returns the length of the sequence, or 0 if there is none.
std::size_t decode_escape(std::string_view text, std::string& out) {
  constexpr std::string_view letters = "\"\\/bfnrt";
  constexpr std::string_view meanings = "\"\\/\b\f\n\r\t";
  if (const auto i = text.size() < 2 ? std::string_view::npos : letters.find(text[1]); i != std::string_view::npos) {
    out += meanings[i];
    return 2;
  }
  const auto unit = utf16_unit(text);
  if (!unit || (*unit >= 0xdc00 && *unit < 0xe000))
    return 0;
  if (*unit < 0xd800 || *unit >= 0xe000) {
    append_utf8(out, *unit);
    return 6;
  }
  const auto low = utf16_unit(text.substr(6));
  if (!low || *low < 0xdc00 || *low >= 0xe000)
    return 0;
  append_utf8(out, 0x10000 + ((*unit - 0xd800) << 10) + (*low - 0xdc00));
  return 12;
}

} // namespace

token lexer::take(token::kind what, std::size_t length) {
  token result{what, text_.substr(0, length), position_, {}};
  text_.remove_prefix(length);
  position_ += length;
  return result;
}

token lexer::mistake(std::size_t offset, std::string message) const {
  return {token::kind::invalid, {}, position_ + offset, std::move(message)};
}

token lexer::next() {
  take(token::kind::end, length_of(text_, is_space));
  if (text_.empty())
    return take(token::kind::end, 0);
  if (text_.front() == '"')
    return take_quoted(0);
  if (text_.starts_with("b\""))
    return take_quoted(1);
  if (text_.front() == '$')
    return take_variable();
  if (is_digit(text_.front()))
    return take_number();
  if (is_name(text_.front()))
    return take(token::kind::name, length_of(text_, is_name));
  return take_symbol();
}

token lexer::take_symbol() {
  const auto* found = std::find_if(symbols.begin(), symbols.end(), [this](auto x) { return text_.starts_with(x); });
  if (found != symbols.end())
    return take(token::kind::symbol, found->size());
  if (text_.front() == '\'')
    return mistake(0, "strings are written in double quotes");
  std::string message = "unexpected ";
  append_quoted(message, text_.substr(0, 1));
  return mistake(0, std::move(message));
}

token lexer::take_variable() {
  if (text_.starts_with("$_") || text_.starts_with("$$"))
    return take(token::kind::variable, 2);
  const auto digits = length_of(text_.substr(1), is_digit);
  return digits == 0 ? mistake(0, "expected a number, '_' or '$' behind '$'") : take(token::kind::variable, digits + 1);
}

token lexer::take_number() {
  std::size_t length = text_.front() == '0' ? 1 : length_of(text_, is_digit);
  const auto rest = [&] { return text_.substr(length); };
  if (rest().starts_with('.')) {
    const auto digits = length_of(rest().substr(1), is_digit);
    if (digits == 0)
      return mistake(length, "expected a digit behind the decimal point");
    length += 1 + digits;
  }
  if (rest().starts_with('e') || rest().starts_with('E')) {
    const std::size_t sign = rest().size() > 1 && (rest()[1] == '+' || rest()[1] == '-') ? 1 : 0;
    const auto digits = length_of(rest().substr(1 + sign), is_digit);
    if (digits == 0)
      return mistake(length, "expected a digit in the exponent");
    length += 1 + sign + digits;
  }
  if (!rest().empty() && is_name(rest().front()))
    return mistake(length, "a number ends here, and something must separate it from what follows");
  return take(token::kind::number, length);
}

token lexer::take_quoted(std::size_t prefix) {
  for (auto i = prefix + 1; i < text_.size(); ++i) {
    if (text_[i] == '\\')
      ++i;
    else if (text_[i] == '"')
      return prefix == 0 ? decode_string(i + 1) : decode_bytes(i + 1);
  }
  return mistake(0, "a string begins here and does not end; add the closing quote");
}

token lexer::decode_string(std::size_t length) {
  const auto source = text_.substr(0, length - 1);
  if (const auto bad = find_invalid_utf8(source))
    return mistake(*bad, "the string is not valid UTF-8 here");
  std::string content;
  for (std::size_t i = 1; i < source.size();) {
    if (static_cast<unsigned char>(source[i]) < 0x20)
      return mistake(i, "control characters in strings are written as escapes such as \\n or \\u0001");
    if (source[i] != '\\') {
      content += source[i++];
      continue;
    }
    const auto escape = decode_escape(source.substr(i), content);
    if (escape == 0)
      return mistake(
          i, "unknown escape sequence; valid ones are \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX (surrogates in pairs)");
    i += escape;
  }
  auto result = take(token::kind::string, length);
  result.content = std::move(content);
  return result;
}

token lexer::decode_bytes(std::size_t length) {
  const auto digits = text_.substr(2, length - 3);
  std::string content;
  for (std::size_t i = 0; i < digits.size(); i += 2) {
    std::uint8_t byte = 0;
    const auto pair = digits.substr(i, 2);
    if (pair.size() < 2 || std::from_chars(pair.data(), pair.data() + 2, byte, 16).ptr != pair.data() + 2)
      return mistake(2 + i, "bytes are written as pairs of hexadecimal digits: b\"00ff\"");
    content += static_cast<char>(byte);
  }
  auto result = take(token::kind::bytes, length);
  result.content = std::move(content);
  return result;
}

} // namespace registry::inline v0_2::internal
