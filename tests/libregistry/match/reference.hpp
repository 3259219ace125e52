#pragma once

#include <registry/match/specification.hpp>

#include <map>
#include <optional>
#include <string>
#include <vector>

// A second, naive implementation of patterns and expressions, for the tests to compare with: it interprets plain trees, copies
// values freely and reports failures by exceptions.

namespace registry::testing {

struct pattern_tree {
  enum class kind { any, variable, literal, list, longer_list, map };

  kind what = kind::any;
  unsigned number = 0;
  value literal;
  std::vector<pattern_tree> parts; ///< of a longer list the last one is the tail
  std::vector<std::string> keys;
};

struct expression_tree {
  enum class kind { constant, variable, row, bindings, list, map, call };

  kind what = kind::constant;
  unsigned number = 0;
  value constant;
  std::string name;
  std::vector<expression_tree> parts;
  std::vector<std::string> keys;
};

struct clause_tree {
  pattern_tree key;
  pattern_tree member;
  pattern_tree data;
  std::vector<expression_tree> guards;
  std::vector<expression_tree> body;
};

pattern build(const pattern_tree& tree);
expression build(const expression_tree& tree);
select_clause build(const clause_tree& tree);

using reference_bindings = std::map<unsigned, value>;

/// Whether a value matches; binds variables as it goes.
bool reference_matches(const pattern_tree& tree, const value& x, reference_bindings& bound);

/// Whether the guards hold.
bool reference_holds(const std::vector<expression_tree>& guards, const reference_bindings& bound);

/// The value of an expression in a body.
value reference_body(const expression_tree& tree, const reference_bindings& bound, const value& row);

/// The result of the first clause that matches.
std::optional<value> reference_run(const std::vector<clause_tree>& clauses, const value& key, const value& member,
                                   const value& data);

} // namespace registry::testing
