#include <conformance/notation.hpp>

#include <limits>

namespace registry::conformance {

namespace json = boost::json;

namespace {

/// A JSON object whose shape is told by its first tag.
class tagged {
public:
  tagged(const json::value& x, std::string_view what) : whole_(&x), what_(what), fields_(&as_object(x, what)) {}

  /// The content of a tag that stands alone, or nullptr.
  [[nodiscard]] const json::value* alone(std::string_view tag) const {
    return fields_->size() == 1 ? fields_->if_contains(tag) : nullptr;
  }
  /// The content of a tag that stands with another one, or nullptr.
  [[nodiscard]] const json::value* together(std::string_view tag, std::string_view other) const {
    return fields_->size() == 2 && fields_->contains(other) ? fields_->if_contains(tag) : nullptr;
  }
  /// Whether the tag stands alone with `true`.
  [[nodiscard]] bool flag(std::string_view tag) const {
    const auto* found = alone(tag);
    return found != nullptr && found->is_bool() && found->get_bool();
  }
  [[noreturn]] void refuse() const { conformance::refuse(what_, *whole_); }

private:
  const json::value* whole_;
  std::string_view what_;
  const json::object* fields_;
};

variable read_variable(const json::value& x) {
  const auto* number = x.if_int64();
  if (number == nullptr || *number < 1 || *number > std::numeric_limits<int>::max())
    refuse("a variable has a number from 1", x);
  return variable{static_cast<unsigned>(*number)};
}

template <class Part, class Read>
std::vector<Part> read_parts(const json::value& x, Read read) {
  std::vector<Part> parts;
  for (const auto& element : as_array(x, "a list of patterns or expressions"))
    parts.push_back(read(element));
  return parts;
}

template <class Part, class Read>
std::vector<std::pair<std::string, Part>> read_pairs(const json::value& x, Read read) {
  std::vector<std::pair<std::string, Part>> pairs;
  for (const auto& element : as_array(x, "a list of pairs")) {
    const auto& pair = as_array(element, "a pair of a key and a pattern or expression");
    if (pair.size() != 2)
      refuse("a pair of a key and a pattern or expression", element);
    pairs.emplace_back(as_text(pair[0], "a key is a text"), read(pair[1]));
  }
  return pairs;
}

} // namespace

pattern notation::read_pattern(const json::value& x) const {
  const tagged shape(x, "a pattern is one of any, var, lit, list, list with tail, and map");
  const auto nested = [this](const json::value& part) { return read_pattern(part); };
  if (shape.flag("any"))
    return any;
  if (const auto* number = shape.alone("var"))
    return read_variable(*number);
  if (const auto* literal = shape.alone("lit"))
    return read_value(*literal);
  if (const auto* elements = shape.alone("list"))
    return pattern::list(read_parts<pattern>(*elements, nested));
  if (const auto* pairs = shape.alone("map"))
    return pattern::map(read_pairs<pattern>(*pairs, nested));
  if (const auto* elements = shape.together("list", "tail")) {
    const auto& tail = *shape.together("tail", "list");
    const tagged hole(tail, "a tail is a variable or any");
    if (!hole.flag("any") && hole.alone("var") == nullptr)
      hole.refuse();
    return pattern::list(read_parts<pattern>(*elements, nested), read_pattern(tail));
  }
  shape.refuse();
}

expression notation::read_expression(const json::value& x) const {
  const tagged shape(x, "an expression is one of const, var, list, map, row, bindings, and op with args");
  const auto nested = [this](const json::value& part) { return read_expression(part); };
  if (const auto* constant = shape.alone("const"))
    return read_value(*constant);
  if (const auto* number = shape.alone("var"))
    return read_variable(*number);
  if (const auto* elements = shape.alone("list"))
    return expression::list(read_parts<expression>(*elements, nested));
  if (const auto* pairs = shape.alone("map"))
    return expression::map(read_pairs<expression>(*pairs, nested));
  if (shape.flag("row"))
    return row;
  if (shape.flag("bindings"))
    return bindings;
  if (const auto* name = shape.together("op", "args"))
    return expression::call(as_text(*name, "the name of an operator is a text"),
                            read_parts<expression>(*shape.together("args", "op"), nested));
  shape.refuse();
}

std::vector<expression> notation::read_expressions(const json::value& x) const {
  return read_parts<expression>(x, [this](const json::value& part) { return read_expression(part); });
}

std::vector<select_clause> notation::read_clauses(const json::value& x) const {
  return read_parts<select_clause>(x, [this](const json::value& part) { return read_clause(part); });
}

select_clause notation::read_clause(const json::value& x) const {
  constexpr std::string_view what = "a clause has pat (three patterns), guards, and body (one expression or more)";
  const auto& fields = as_object(x, what);
  if (fields.size() != 3 || !fields.contains("pat") || !fields.contains("guards") || !fields.contains("body"))
    refuse(what, x);
  const auto& patterns = as_array(fields.at("pat"), what);
  auto body = read_expressions(fields.at("body"));
  if (patterns.size() != 3 || body.empty())
    refuse(what, x);
  return {read_pattern(patterns[0]), read_pattern(patterns[1]), read_pattern(patterns[2]),
          read_expressions(fields.at("guards")), std::move(body)};
}

} // namespace registry::conformance
