#include <registry/match/expression.hpp>
#include <registry/match/internal/function.hpp>
#include <registry/match/internal/node.hpp>
#include <registry/match/pattern.hpp>
#include <registry/value/internal/text.hpp>

namespace registry::inline v0_2 {

namespace {

using internal::expression_node;
using internal::infix_operator;
using internal::node_access;
using internal::pattern_node;

void append(std::string& out, const pattern& p);
void append(std::string& out, const expression& e, int loosest);

void append(std::string& out, const expression& e) {
  append(out, e, 0);
}

template <class Part>
void append_list(std::string& out, const std::vector<Part>& parts) {
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i != 0)
      out += ", ";
    append(out, parts[i]);
  }
}

template <class Node>
void append_map(std::string& out, const Node& x) {
  out += '{';
  for (std::size_t i = 0; i < x.parts.size(); ++i) {
    if (i != 0)
      out += ", ";
    internal::append_quoted(out, x.keys[i]);
    out += ": ";
    append(out, x.parts[i]);
  }
  out += '}';
}

/// Whether a value contains a map. Checks a limited number of parts and returns true beyond it: lists may share parts and
/// thus have too many to check.
bool has_map(const value& x, std::size_t& looks_left) {
  if (x.type() == value::kind::map || looks_left == 0)
    return true;
  --looks_left;
  const auto elements = x.as_list();
  return std::any_of(elements.begin(), elements.end(), [&](const value& part) { return has_map(part, looks_left); });
}

/// The prefix of a value that must match exactly; a pattern with a map in it would not. Harmless where it is not needed.
std::string_view exactness_of(const value& x) {
  std::size_t looks = longest_text;
  return has_map(x, looks) ? "=" : "";
}

std::string variable_text(unsigned number) {
  return "$" + std::to_string(number);
}

void append(std::string& out, const pattern& p) {
  const auto& x = node_access::of(p);
  switch (x.what) {
  case pattern_node::kind::any:
    out += '_';
    break;
  case pattern_node::kind::variable:
    out += variable_text(x.number);
    break;
  case pattern_node::kind::literal:
    out += exactness_of(x.constant);
    out += to_string(x.constant);
    break;
  case pattern_node::kind::list:
    out += '[';
    append_list(out, x.parts);
    if (x.tail)
      out += " | " + (x.tail->what == pattern_node::kind::any ? "_" : variable_text(x.tail->number));
    out += ']';
    break;
  case pattern_node::kind::map:
    append_map(out, x);
    break;
  case pattern_node::kind::invalid:
  case pattern_node::kind::too_large:
    out += "<invalid>";
    break;
  }
}

void append_infix(std::string& out, const expression_node& x, const infix_operator& infix, int loosest) {
  using enum infix_operator::grouping;
  const bool parentheses = infix.precedence < loosest;
  out += parentheses ? "(" : "";
  append(out, x.parts[0], infix.precedence + (infix.groups == left ? 0 : 1));
  ((out += ' ') += infix.token) += ' ';
  append(out, x.parts[1], infix.precedence + (infix.groups == right ? 0 : 1));
  out += parentheses ? ")" : "";
}

void append(std::string& out, const expression& e, int loosest) {
  const auto& x = node_access::of(e);
  switch (x.what) {
  case expression_node::kind::constant:
    out += to_string(x.constant);
    break;
  case expression_node::kind::variable:
    out += variable_text(x.number);
    break;
  case expression_node::kind::row:
    out += "$_";
    break;
  case expression_node::kind::bindings:
    out += "$$";
    break;
  case expression_node::kind::list:
    out += '[';
    append_list(out, x.parts);
    out += ']';
    break;
  case expression_node::kind::map:
    append_map(out, x);
    break;
  case expression_node::kind::call:
    if (const auto* infix = internal::find_infix(x.text); infix != nullptr && x.parts.size() == 2) {
      append_infix(out, x, *infix, loosest);
      break;
    }
    (out += x.text) += '(';
    append_list(out, x.parts);
    out += ')';
    break;
  case expression_node::kind::invalid:
  case expression_node::kind::too_large:
    out += "<invalid>";
    break;
  }
}

} // namespace

std::string to_string(const pattern& p) {
  std::string out;
  append(out, p);
  return out;
}

std::string to_string(const expression& e) {
  std::string out;
  append(out, e);
  return out;
}

} // namespace registry::inline v0_2
