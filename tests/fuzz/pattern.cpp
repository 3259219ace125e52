// Patterns, expressions and specifications as text, and values to match with them.

#include <fuzz/target.hpp>

#include <registry/match/parser.hpp>
#include <registry/value/json.hpp>

#include <support/fake_member.hpp>

#include <algorithm>
#include <optional>

namespace registry::fuzz::pattern_target {

namespace {

/// Whether a text can be read; if not, the error must lead to the fault.
template <class T>
bool is_read(const result<T>& read, std::string_view text) {
  if (read)
    return true;
  expect(read.error() == errc::bad_match_spec || read.error() == errc::limit_exceeded, "an unexpected error");
  expect(read.error().position() <= text.size(), "the error is beyond the end");
  expect(!read.error().message().empty(), "an error without a message");
  return false;
}

void check_pattern(std::string_view text, const value& data) {
  const auto read = parse_pattern(text);
  if (!is_read(read, text))
    return;
  const auto again = parse_pattern(to_string(read.value()));
  expect(again && identical(again.value(), read.value()), "a pattern comes back as another one");
  const auto compiled = match_spec::compile(read.value());
  if (compiled)
    expect(match_spec::compile(again.value()).value().matches(data) == compiled.value().matches(data),
           "two equal patterns do not match the same");
}

void check_expression(std::string_view text) {
  const auto read = parse_expression(text);
  if (!is_read(read, text))
    return;
  const auto again = parse_expression(to_string(read.value()));
  expect(again && identical(again.value(), read.value()), "an expression comes back as another one");
}

void check_match(std::string_view text, const value& data) {
  const auto read = parse_match(text);
  if (!is_read(read, text))
    return;
  const bool matches = read.value().matches(data);
  expect(matches == read.value().matches(data), "two matches with one value differ");
  // The same as a clause, whose patterns begin with those of key and member.
  const auto clause = parse_select("[_, _, " + std::string{text} + "] -> true");
  if (clause && text.find_first_of("\";[]{}") == std::string_view::npos && text.find("when") == std::string_view::npos)
    expect(clause.value().holds({}, {}, data) == matches, "a match and a select differ");
}

void check_select(std::string_view text, const value& key, const value& data) {
  const auto read = parse_select(text);
  if (!is_read(read, text))
    return;
  const auto& spec = read.value();
  const auto who = testing::make_member(7, 2);
  const auto one = spec.run(key, who, data);
  const auto two = spec.run(key, who, data);
  expect(one.has_value() == two.has_value() && (!one || identical(*one, *two)), "two runs differ");
  expect(spec.holds(key, who, data) == (one && identical(*one, true)), "a run and its condition differ");
  if (const auto keys = spec.bound_keys(); one && keys)
    expect(std::ranges::any_of(*keys, [&](const value& x) { return identical(x, key); }), "it matches another key");
}

/// The text, and in the next lines a value and a key as JSON.
void run(input data) {
  const auto parts = split(data, '\n');
  const auto json = [&](std::size_t i) {
    const auto read = i < parts.size() ? from_json(parts[i]) : result<value>{value{}};
    return read ? read.value() : value{};
  };
  const auto text = parts.front();
  const auto content = json(1);
  check_pattern(text, content);
  check_expression(text);
  check_match(text, content);
  check_select(text, json(2), content);
}

const registration it{"pattern", run};

} // namespace

} // namespace registry::fuzz::pattern_target
