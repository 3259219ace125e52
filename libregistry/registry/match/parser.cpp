#include <registry/match/internal/compile.hpp>
#include <registry/match/internal/token_stream.hpp>
#include <registry/match/parser.hpp>

#include <boost/outcome/try.hpp>

namespace registry::inline v0_2 {

namespace {

using internal::read_expression;
using internal::read_pattern;
using internal::token_stream;

result<std::vector<expression>> read_expressions(token_stream& in) {
  std::vector<expression> list;
  do {
    BOOST_OUTCOME_TRY(auto next, read_expression(in));
    list.push_back(std::move(next));
  } while (in.accept(","));
  return list;
}

result<std::vector<expression>> read_guards(token_stream& in) {
  if (!in.accept("when"))
    return std::vector<expression>{};
  return read_expressions(in);
}

result<select_clause> read_clause(token_stream& in) {
  select_clause clause;
  BOOST_OUTCOME_TRY(in.expect("[", "'[' to begin a clause [key, member, value]"));
  BOOST_OUTCOME_TRY(clause.key, read_pattern(in));
  BOOST_OUTCOME_TRY(in.expect(",", "',' and the pattern of the member"));
  BOOST_OUTCOME_TRY(clause.member, read_pattern(in));
  BOOST_OUTCOME_TRY(in.expect(",", "',' and the pattern of the value"));
  BOOST_OUTCOME_TRY(clause.value, read_pattern(in));
  BOOST_OUTCOME_TRY(in.expect("]", "']' to end [key, member, value]"));
  BOOST_OUTCOME_TRY(clause.guards, read_guards(in));
  if (!in.accept("->")) {
    clause.body.push_back(row);
    return clause;
  }
  BOOST_OUTCOME_TRY(clause.body, read_expressions(in));
  return clause;
}

/// Reads a whole text with `read`, which gets a stream; `expected` names what may come after it.
template <class Read>
auto read_all(std::string_view text, std::string_view expected, Read read) -> decltype(read(std::declval<token_stream&>())) {
  if (text.size() > max_match_text)
    return error::at(errc::limit_exceeded, max_match_text,
                     "the text is longer than " + std::to_string(max_match_text) + " bytes");
  token_stream in(text);
  auto parsed = read(in);
  if (parsed && in.here().what != internal::token::kind::end)
    return in.unexpected(expected);
  return parsed;
}

} // namespace

result<pattern> parse_pattern(std::string_view text) {
  return read_all(text, "the end of the pattern", read_pattern);
}

result<expression> parse_expression(std::string_view text) {
  return read_all(text, "an operator or the end of the expression", read_expression);
}

result<match_spec> parse_match(std::string_view text) {
  struct parts {
    pattern value;
    std::vector<expression> guards;
  };
  const auto read = [](token_stream& in) -> result<parts> {
    parts read;
    BOOST_OUTCOME_TRY(read.value, read_pattern(in));
    BOOST_OUTCOME_TRY(read.guards, read_guards(in));
    return read;
  };
  BOOST_OUTCOME_TRY(auto spec, read_all(text, "'when', an operator, ',' or the end", read));
  return match_spec::compile(spec.value, spec.guards);
}

result<select_spec> parse_select(std::string_view text) {
  const auto read = [](token_stream& in) -> result<std::vector<select_clause>> {
    std::vector<select_clause> clauses;
    do {
      BOOST_OUTCOME_TRY(auto next, read_clause(in));
      clauses.push_back(std::move(next));
    } while (in.accept(";"));
    return clauses;
  };
  BOOST_OUTCOME_TRY(auto clauses, read_all(text, "'when', '->', ';', an operator, ',' or the end", read));
  return select_spec::compile(clauses);
}

} // namespace registry::inline v0_2
