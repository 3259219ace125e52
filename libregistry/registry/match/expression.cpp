#include <registry/match/expression.hpp>
#include <registry/match/internal/node.hpp>

namespace registry::inline v0_2 {

using internal::expression_node;
using internal::node_access;

namespace {

std::shared_ptr<const expression_node> leaf(expression_node::kind what) {
  expression_node node;
  node.what = what;
  return std::make_shared<const expression_node>(std::move(node));
}

const std::shared_ptr<const expression_node>& row_node() {
  static const auto node = leaf(expression_node::kind::row);
  return node;
}

const std::shared_ptr<const expression_node>& bindings_node() {
  static const auto node = leaf(expression_node::kind::bindings);
  return node;
}

// Lists and maps of constants are constants: nothing has to be built when the expression is evaluated.
bool all_constant(const expression_node& node) {
  return std::all_of(node.parts.begin(), node.parts.end(), [](const expression& part) {
    const auto& x = node_access::of(part);
    return x.what == expression_node::kind::constant && x.constant.depth() < value::nesting_limit;
  });
}

value constant_list(const expression_node& node) {
  std::vector<value> elements;
  for (const auto& part : node.parts)
    elements.push_back(node_access::of(part).constant);
  return value::list(std::move(elements));
}

value constant_map(const expression_node& node) {
  std::vector<std::pair<std::string, value>> pairs;
  for (std::size_t i = 0; i < node.parts.size(); ++i)
    pairs.emplace_back(node.keys[i], node_access::of(node.parts[i]).constant);
  return value::map(std::move(pairs));
}

} // namespace

expression::expression(variable bound) {
  expression_node node;
  node.what = expression_node::kind::variable;
  node.number = bound.number;
  node_ = std::make_shared<const expression_node>(std::move(node));
}

expression::expression(row_t) : node_(row_node()) {}

expression::expression(bindings_t) : node_(bindings_node()) {}

expression::expression(value constant) {
  expression_node node;
  node.constant = std::move(constant);
  node_ = std::make_shared<const expression_node>(std::move(node));
}

expression::expression(std::shared_ptr<const expression_node> node) noexcept : node_(std::move(node)) {}

expression expression::list(std::vector<expression> elements) {
  expression_node node;
  node.what = expression_node::kind::list;
  node.parts = std::move(elements);
  if (all_constant(node))
    return constant_list(node);
  internal::measure(node);
  return node_access::make(std::move(node));
}

expression expression::map(std::vector<std::pair<std::string, expression>> pairs) {
  auto node = internal::map_node<expression_node>(std::move(pairs));
  if (node.what == expression_node::kind::map && all_constant(node))
    return constant_map(node);
  return node_access::make(std::move(node));
}

expression expression::call(std::string_view name, std::vector<expression> arguments) {
  expression_node node;
  node.what = expression_node::kind::call;
  node.text = name;
  node.parts = std::move(arguments);
  internal::measure(node);
  return node_access::make(std::move(node));
}

bool identical(const expression& left, const expression& right) noexcept {
  const auto& a = node_access::of(left);
  const auto& b = node_access::of(right);
  if (&a == &b)
    return true;
  if (a.what != b.what || a.size != b.size || a.number != b.number || a.text != b.text || a.keys != b.keys ||
      !identical(a.constant, b.constant))
    return false;
  return std::equal(a.parts.begin(), a.parts.end(), b.parts.begin(), b.parts.end(),
                    [](const expression& x, const expression& y) { return identical(x, y); });
}

} // namespace registry::inline v0_2
