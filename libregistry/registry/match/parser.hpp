#pragma once

#include <registry/match/specification.hpp>

#include <cstddef>
#include <string_view>

namespace registry::inline v0_2 {

/// The longest text that the functions of this file accept, in bytes.
inline constexpr std::size_t max_match_text = 1 << 20;

/// @file
/// The text notation of patterns, expressions and specifications; the page on patterns has its grammar. All functions are linear
/// in the text, may be called from any thread, never throw, and fail with `errc::bad_match_spec` (`errc::limit_exceeded` for a
/// text that is too long, deep or large), a position in bytes, and a message that says what was expected there.

// Patterns look like JSON with holes:
//
//   _                           anything
//   $1 … $255                   a variable
//   null true false 1 1.0 "a"   literals; 1 and 1.0 differ, an integer must fit 64 bits, strings have JSON's escapes
//   b"00ff" inf -inf            bytes in hexadecimal; infinities
//   [1, $1]  [1, _ | $2]        lists of this length, or with a tail behind the bar; [ | _] is any list
//   {"role": "primary"}         maps with at least these keys
//   ={"role": "primary"}        strictly this value, here: a map with no other key
//
// Actors cannot be written; use a variable or `_`.
//
// Expressions, loosest first (`&&`, `||`, `!`, `!=`, `<=` are read as `andalso`, `orelse`, `not`, `/=`, `=<`):
//
//   orelse                      grouped from the right
//   andalso                     grouped from the right
//   or xor
//   and
//   == /= < > =< >= =:= =/=     do not chain
//   + -
//   * div rem
//   - not                       in front of an operand
//   literals, $1, $_, $$, [$1, 2], {"a": $1}, length($1), (…)
//
// Every function can be written as `name(arguments)`, see `expression`; also `and(a, b, c)`.

/// Reads a pattern.
result<pattern> parse_pattern(std::string_view text);

/// Reads an expression. Its functions and variables are checked when a specification is compiled.
result<expression> parse_expression(std::string_view text);

/// Reads and compiles `pattern`, or `pattern when guard, guard…`.
result<match_spec> parse_match(std::string_view text);

/// Reads and compiles clauses separated by semicolons: `[key, member, value] when guard, guard… -> expression, …`. Without
/// an arrow the result is the row, `$_`.
result<select_spec> parse_select(std::string_view text);

} // namespace registry::inline v0_2
