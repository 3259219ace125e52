#pragma once

#include <registry/match/parser.hpp>
#include <registry/match/specification.hpp>

#include <support/catch.hpp>

#include <string>

// Short ways to evaluate patterns, guards and bodies in tests. Their arguments must compile.

namespace registry::testing {

inline bool matches(const pattern& p, const value& x) {
  const auto spec = match_spec::compile(p);
  REQUIRE(spec.has_value());
  return spec.value().matches(x);
}

/// Whether a guard holds with `x` bound to variable 1.
inline bool guard_holds(const expression& guard, const value& x = nullptr) {
  const auto spec = match_spec::compile(var<1>, {guard});
  REQUIRE(spec.has_value());
  return spec.value().matches(x);
}

/// The value of a body with `x` bound to variable 1.
inline value body(const expression& e, const value& x = nullptr) {
  const auto spec = select_spec::compile({{any, any, var<1>, {}, {e}}});
  REQUIRE(spec.has_value());
  const auto result = spec.value().run("key", nullptr, x);
  REQUIRE(result.has_value());
  return *result;
}

/// An expression in the text notation.
inline expression parsed(const std::string& text) {
  INFO(text);
  const auto e = parse_expression(text);
  REQUIRE(e.has_value());
  return e.value();
}

/// The value of a body as text, both in the text notation: strict about kinds, and easy to read in tables.
inline std::string evaluated(const std::string& text, const value& x = nullptr) {
  return to_string(body(parsed(text), x));
}

} // namespace registry::testing
