#pragma once

#include "reference.hpp"

#include <support/random_value.hpp>

#include <random>

// Random patterns, expressions and clauses as trees of the reference implementation.

namespace registry::testing {

/// A pattern that usually matches `x`: parts of it replaced by holes, some keys left out, now and then an error.
pattern_tree random_pattern(std::mt19937_64& random, const value& x, const value_shape& shape);

/// A valid expression over the given variables. Kinds of arguments usually fit, so that most calls do not fail.
expression_tree random_expression(std::mt19937_64& random, const std::vector<unsigned>& variables, bool in_body,
                                  std::size_t depth, const value_shape& shape);

/// A valid clause for an entry like this one.
clause_tree random_clause(std::mt19937_64& random, const value& key, const value& member, const value& data,
                          const value_shape& shape);

} // namespace registry::testing
