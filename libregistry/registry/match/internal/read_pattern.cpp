#include <registry/match/internal/token_stream.hpp>

#include <boost/outcome/try.hpp>

namespace registry::inline v0_2::internal {

namespace {

/// The rest after `[`.
result<pattern> read_list_pattern(token_stream& in, std::size_t position) {
  std::vector<pattern> elements;
  if (in.accept("]"))
    return pattern::list({});
  if (!in.at("|")) {
    do {
      BOOST_OUTCOME_TRY(auto element, read_pattern(in));
      elements.push_back(std::move(element));
    } while (in.accept(","));
  }
  if (in.accept("]"))
    return token_stream::locate(pattern::list(std::move(elements)), position);
  BOOST_OUTCOME_TRY(in.expect("|", "',', '|' or ']'"));
  if (!in.at("_") && in.here().what != token::kind::variable)
    return in.unexpected("_ or a variable for the tail of the list");
  BOOST_OUTCOME_TRY(auto tail, read_pattern(in));
  BOOST_OUTCOME_TRY(in.expect("]", "']'"));
  return token_stream::locate(pattern::list(std::move(elements), std::move(tail)), position);
}

/// The rest after `{`.
result<pattern> read_map_pattern(token_stream& in, std::size_t position) {
  std::vector<std::pair<std::string, pattern>> pairs;
  if (in.accept("}"))
    return pattern::map({});
  do {
    BOOST_OUTCOME_TRY(auto key, in.key());
    BOOST_OUTCOME_TRY(auto part, read_pattern(in));
    pairs.emplace_back(std::move(key), std::move(part));
  } while (in.accept(","));
  BOOST_OUTCOME_TRY(in.expect("}", "',' or '}'"));
  return token_stream::locate(pattern::map(std::move(pairs)), position);
}

/// The rest after `=`.
result<pattern> read_strict(token_stream& in) {
  const auto position = in.here().position;
  BOOST_OUTCOME_TRY(auto constant, read_expression(in));
  const auto& node = node_access::of(constant);
  if (node.what != expression_node::kind::constant)
    return error::at(errc::bad_match_spec, position, "expected a value without variables and calls behind '='");
  return pattern(node.constant);
}

} // namespace

result<pattern> read_pattern(token_stream& in) {
  const token_stream::level level(in);
  const auto position = in.here().position;
  if (level.is_too_deep())
    return token_stream::too_large(position);
  if (in.accept("["))
    return read_list_pattern(in, position);
  if (in.accept("{"))
    return read_map_pattern(in, position);
  if (in.accept("="))
    return read_strict(in);
  if (in.accept("_"))
    return pattern(any);
  if (in.here().what == token::kind::variable) {
    BOOST_OUTCOME_TRY(auto number, in.variable_number());
    return token_stream::locate(pattern(variable{number}), position);
  }
  BOOST_OUTCOME_TRY(auto literal, in.scalar("a pattern"));
  return pattern(std::move(literal));
}

} // namespace registry::inline v0_2::internal
