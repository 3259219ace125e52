#include <registry/match/internal/token_stream.hpp>

#include <charconv>
#include <limits>
#include <span>

namespace registry::inline v0_2::internal {

namespace {

// Parentheses and prefix operators nest the parser twice as deep as the tree it builds.
constexpr std::size_t max_nesting = 2 * max_match_depth;

std::string describe(const token& found) {
  switch (found.what) {
  case token::kind::end:
    return "the text ends here";
  case token::kind::string:
    return "found a string";
  case token::kind::bytes:
    return "found bytes";
  default:
    return "found '" + std::string(found.text.substr(0, 40)) + "'";
  }
}

template <class Number>
std::optional<Number> convert(const std::string& text) {
  Number x{};
  const auto* end = text.data() + text.size();
  const auto [stop, code] = std::from_chars(text.data(), end, x);
  return code == std::errc{} && stop == end ? std::optional(x) : std::nullopt;
}

} // namespace

bool token_stream::level::is_too_deep() const noexcept {
  return in_.depth_ > max_nesting;
}

bool token_stream::at(std::string_view word) const noexcept {
  return (here_.what == token::kind::symbol || here_.what == token::kind::name) && here_.text == word;
}

bool token_stream::accept(std::string_view word) {
  const bool found = at(word);
  if (found)
    advance();
  return found;
}

result<void> token_stream::expect(std::string_view word, std::string_view expected) {
  if (!accept(word))
    return unexpected(expected);
  return success();
}

error token_stream::unexpected(std::string_view expected) const {
  if (here_.what == token::kind::invalid)
    return error::at(errc::bad_match_spec, here_.position, here_.content);
  return error::at(errc::bad_match_spec, here_.position, "expected " + std::string(expected) + ", but " + describe(here_));
}

error token_stream::too_large(std::size_t position) {
  return error::at(errc::limit_exceeded, position,
                   "nests deeper than " + std::to_string(max_match_depth) + " levels or has more than " +
                       std::to_string(max_match_size) + " parts; split it");
}

result<value> token_stream::scalar(std::string_view expected) {
  if (accept("null"))
    return value();
  if (accept("true"))
    return value(true);
  if (accept("false"))
    return value(false);
  if (accept("-"))
    return number("-");
  if (here_.what == token::kind::number || at("inf"))
    return number("");
  value literal;
  if (here_.what == token::kind::string)
    literal = value(here_.content);
  else if (here_.what == token::kind::bytes)
    literal = value::bytes(std::as_bytes(std::span(here_.content)));
  else
    return unexpected(expected);
  advance();
  return literal;
}

result<value> token_stream::number(std::string_view sign) {
  constexpr auto infinity = std::numeric_limits<double>::infinity();
  if (accept("inf"))
    return value(sign.empty() ? infinity : -infinity);
  if (here_.what != token::kind::number)
    return unexpected("a number");
  const auto text = std::string(sign).append(here_.text);
  if (text.find_first_of(".eE") != std::string::npos) {
    const auto x = convert<double>(text);
    if (!x)
      return error::at(errc::bad_match_spec, here_.position, "the number is out of the range of a 64-bit real");
    advance();
    return value(*x);
  }
  const auto x = convert<std::int64_t>(text);
  if (!x)
    return error::at(errc::bad_match_spec, here_.position,
                     "the integer does not fit 64 bits; append .0 if a real number is meant");
  advance();
  return value(*x);
}

result<unsigned> token_stream::variable_number() {
  const auto n = convert<unsigned>(std::string(here_.text.substr(1)));
  if (!n || *n < 1 || *n > max_variable)
    return error::at(errc::bad_match_spec, here_.position,
                     "expected a variable, but found '" + std::string(here_.text.substr(0, 40)) + "'; they go from $1 to $" +
                         std::to_string(max_variable));
  advance();
  return *n;
}

result<std::string> token_stream::key() {
  if (here_.what != token::kind::string)
    return unexpected("a key in double quotes");
  auto text = std::move(here_.content);
  advance();
  if (!accept(":"))
    return unexpected("':' after the key");
  return text;
}

} // namespace registry::inline v0_2::internal
