#include <registry/match/internal/function.hpp>
#include <registry/match/internal/token_stream.hpp>

#include <boost/outcome/try.hpp>

namespace registry::inline v0_2::internal {

namespace {

using grouping = infix_operator::grouping;

result<expression> read_operation(token_stream& in, int loosest);

result<std::vector<expression>> read_arguments(token_stream& in, std::string_view close) {
  std::vector<expression> arguments;
  if (in.accept(close))
    return arguments;
  do {
    BOOST_OUTCOME_TRY(auto argument, read_expression(in));
    arguments.push_back(std::move(argument));
  } while (in.accept(","));
  BOOST_OUTCOME_TRY(in.expect(close, "',' or '" + std::string(close) + "'"));
  return arguments;
}

/// The rest after `{`.
result<expression> read_map(token_stream& in, std::size_t position) {
  std::vector<std::pair<std::string, expression>> pairs;
  if (in.accept("}"))
    return expression::map({});
  do {
    BOOST_OUTCOME_TRY(auto key, in.key());
    BOOST_OUTCOME_TRY(auto part, read_expression(in));
    pairs.emplace_back(std::move(key), std::move(part));
  } while (in.accept(","));
  BOOST_OUTCOME_TRY(in.expect("}", "',' or '}'"));
  return token_stream::locate(expression::map(std::move(pairs)), position);
}

result<expression> read_variable(token_stream& in, std::size_t position) {
  if (in.here().text == "$_") {
    in.advance();
    return token_stream::locate(expression(row), position);
  }
  if (in.here().text == "$$") {
    in.advance();
    return token_stream::locate(expression(bindings), position);
  }
  BOOST_OUTCOME_TRY(auto number, in.variable_number());
  return token_stream::locate(expression(variable{number}), position);
}

bool is_scalar_name(const token& found) {
  return found.text == "null" || found.text == "true" || found.text == "false" || found.text == "inf";
}

result<expression> read_call(token_stream& in, std::size_t position) {
  const auto name = in.here().text;
  in.advance();
  if (!in.accept("("))
    return error::at(errc::bad_match_spec, position,
                     "'" + std::string(name.substr(0, 40)) +
                         "' is not a value; write a string in double quotes and the arguments of a function in parentheses");
  BOOST_OUTCOME_TRY(auto arguments, read_arguments(in, ")"));
  return token_stream::locate(expression::call(name, std::move(arguments)), position);
}

result<expression> read_primary(token_stream& in) {
  const auto position = in.here().position;
  if (in.accept("(")) {
    BOOST_OUTCOME_TRY(auto inner, read_expression(in));
    BOOST_OUTCOME_TRY(in.expect(")", "an operator or ')'"));
    return inner;
  }
  if (in.accept("[")) {
    BOOST_OUTCOME_TRY(auto elements, read_arguments(in, "]"));
    return token_stream::locate(expression::list(std::move(elements)), position);
  }
  if (in.accept("{"))
    return read_map(in, position);
  if (in.here().what == token::kind::variable)
    return read_variable(in, position);
  if (in.here().what == token::kind::name && !is_scalar_name(in.here()))
    return read_call(in, position);
  BOOST_OUTCOME_TRY(auto constant, in.scalar("an expression"));
  return expression(std::move(constant));
}

result<expression> read_operand(token_stream& in);

/// The rest after a prefix operator.
result<expression> read_inner_operand(token_stream& in) {
  const token_stream::level level(in);
  if (level.is_too_deep())
    return token_stream::too_large(in.here().position);
  return read_operand(in);
}

result<expression> read_operand(token_stream& in) {
  const auto position = in.here().position;
  if (in.accept("!") || in.accept("not")) {
    BOOST_OUTCOME_TRY(auto operand, read_inner_operand(in));
    return token_stream::locate(expression::call("not", {std::move(operand)}), position);
  }
  if (!in.accept("-"))
    return read_primary(in);
  if (in.here().what == token::kind::number || in.at("inf")) {
    BOOST_OUTCOME_TRY(auto constant, in.number("-"));
    return expression(std::move(constant));
  }
  BOOST_OUTCOME_TRY(auto operand, read_inner_operand(in));
  return token_stream::locate(expression::call("-", {0, std::move(operand)}), position);
}

const infix_operator* infix_at(const token& found) {
  const bool is_word = found.what == token::kind::symbol || found.what == token::kind::name;
  return is_word ? find_infix(found.text) : nullptr;
}

result<expression> read_operation(token_stream& in, int loosest) {
  const token_stream::level level(in);
  if (level.is_too_deep())
    return token_stream::too_large(in.here().position);
  BOOST_OUTCOME_TRY(auto left, read_operand(in));
  for (const auto* infix = infix_at(in.here()); infix != nullptr && infix->precedence >= loosest;) {
    const auto position = in.here().position;
    in.advance();
    BOOST_OUTCOME_TRY(auto right, read_operation(in, infix->precedence + (infix->groups == grouping::right ? 0 : 1)));
    BOOST_OUTCOME_TRY(auto both, token_stream::locate(expression::call(infix->name, {left, right}), position));
    left = std::move(both);
    const auto* next = infix_at(in.here());
    if (next != nullptr && next->precedence == infix->precedence && infix->groups == grouping::none)
      return error::at(errc::bad_match_spec, in.here().position,
                       "comparisons do not chain; join them with 'andalso', or use parentheses");
    infix = next;
  }
  return left;
}

} // namespace

result<expression> read_expression(token_stream& in) {
  return read_operation(in, 0);
}

} // namespace registry::inline v0_2::internal
