#include <registry/match/internal/node.hpp>
#include <registry/match/pattern.hpp>

namespace registry::inline v0_2 {

using internal::node_access;
using internal::pattern_node;

namespace {

const std::shared_ptr<const pattern_node>& any_node() {
  static const auto node = std::make_shared<const pattern_node>();
  return node;
}

std::shared_ptr<const pattern_node> literal_node(value literal) {
  pattern_node node;
  node.what = pattern_node::kind::literal;
  node.constant = std::move(literal);
  return std::make_shared<const pattern_node>(std::move(node));
}

bool all_literals(const std::vector<pattern>& parts) {
  return std::all_of(parts.begin(), parts.end(),
                     [](const pattern& part) { return node_access::of(part).what == pattern_node::kind::literal; });
}

// A list of literals is a literal: then it is one comparison, and a key that can be looked up.
std::optional<pattern> literal_list(const std::vector<pattern>& parts) {
  if (!all_literals(parts))
    return std::nullopt;
  std::vector<value> elements;
  std::size_t depth = 0;
  for (const auto& part : parts) {
    elements.push_back(node_access::of(part).constant);
    depth = std::max(depth, elements.back().depth());
  }
  if (depth >= value::nesting_limit)
    return std::nullopt;
  return pattern(value::list(std::move(elements)));
}

} // namespace

pattern::pattern() : node_(any_node()) {}

pattern::pattern(any_t) : pattern() {}

pattern::pattern(variable hole) {
  pattern_node node;
  node.what = pattern_node::kind::variable;
  node.number = hole.number;
  node_ = std::make_shared<const pattern_node>(std::move(node));
}

pattern::pattern(value literal) : node_(literal_node(std::move(literal))) {}

pattern::pattern(std::shared_ptr<const pattern_node> node) noexcept : node_(std::move(node)) {}

pattern pattern::list(std::vector<pattern> elements) {
  if (auto literal = literal_list(elements))
    return *std::move(literal);
  pattern_node node;
  node.what = pattern_node::kind::list;
  node.parts = std::move(elements);
  internal::measure(node);
  return node_access::make(std::move(node));
}

pattern pattern::list(std::vector<pattern> elements, pattern tail) {
  pattern_node node;
  node.what = pattern_node::kind::list;
  node.parts = std::move(elements);
  node.tail = node_access::share(tail);
  if (node.tail->what != pattern_node::kind::any && node.tail->what != pattern_node::kind::variable) {
    node = pattern_node{};
    node.what = pattern_node::kind::invalid;
    node.text = "the tail of a list must be _ or a variable";
  }
  internal::measure(node);
  return node_access::make(std::move(node));
}

pattern pattern::map(std::vector<std::pair<std::string, pattern>> pairs) {
  return node_access::make(internal::map_node<pattern_node>(std::move(pairs)));
}

bool identical(const pattern& left, const pattern& right) noexcept {
  const auto& a = node_access::of(left);
  const auto& b = node_access::of(right);
  if (&a == &b)
    return true;
  if (a.what != b.what || a.size != b.size || a.number != b.number || a.text != b.text || a.keys != b.keys ||
      !identical(a.constant, b.constant) || (a.tail == nullptr) != (b.tail == nullptr))
    return false;
  if (a.tail && (a.tail->what != b.tail->what || a.tail->number != b.tail->number))
    return false;
  return std::equal(a.parts.begin(), a.parts.end(), b.parts.begin(), b.parts.end(),
                    [](const pattern& x, const pattern& y) { return identical(x, y); });
}

} // namespace registry::inline v0_2
