#pragma once

#include <registry/match/internal/lexer.hpp>
#include <registry/match/internal/node.hpp>

namespace registry::inline v0_2::internal {

/// The tokens of a text with one token of look-ahead, and the common part of the parsers of patterns and expressions.
class token_stream {
public:
  explicit token_stream(std::string_view text) : lexer_(text), here_(lexer_.next()) {}

  [[nodiscard]] const token& here() const noexcept { return here_; }
  void advance() { here_ = lexer_.next(); }

  /// Whether this symbol or name comes next.
  [[nodiscard]] bool at(std::string_view word) const noexcept;
  /// Takes this symbol or name if it comes next.
  bool accept(std::string_view word);
  /// Takes this symbol or name; an error names it as `expected`.
  result<void> expect(std::string_view word, std::string_view expected);
  /// The error for a token that does not belong here.
  [[nodiscard]] error unexpected(std::string_view expected) const;

  /// A number, string, `null` and the like. An error names `expected`.
  result<value> scalar(std::string_view expected);
  /// A number without its sign, which has already been taken: "-" or "".
  result<value> number(std::string_view sign);
  /// The number of `$n`, which comes next.
  result<unsigned> variable_number();
  /// The key of a map and the colon.
  result<std::string> key();

  /// Gives a part its position, unless it is too large or invalid.
  template <class Tree>
  static result<Tree> locate(const Tree& tree, std::size_t position) {
    const auto& node = node_access::of(tree);
    using kind = decltype(node.what);
    if (node.what == kind::too_large)
      return too_large(position);
    if (node.what == kind::invalid)
      return error::at(errc::bad_match_spec, position, node.text);
    return node_access::located(tree, position);
  }
  static error too_large(std::size_t position);

  /// Counts the nesting depth of the parser while it lives.
  class level {
  public:
    explicit level(token_stream& in) noexcept : in_(in) { ++in_.depth_; }
    level(const level&) = delete;
    level& operator=(const level&) = delete;
    ~level() { --in_.depth_; }
    [[nodiscard]] bool is_too_deep() const noexcept;

  private:
    token_stream& in_;
  };

private:
  lexer lexer_;
  token here_;
  std::size_t depth_ = 0;
};

/// Parsers; they leave the rest in the stream.
result<pattern> read_pattern(token_stream& in);
result<expression> read_expression(token_stream& in);

} // namespace registry::inline v0_2::internal
