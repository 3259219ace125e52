#include "reference.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

namespace registry::testing {

namespace {

// Wide enough for the result of every operation on two integers.
__extension__ using wide = __int128;

struct failure {};

using values = std::vector<value>;

values elements_of(const value& x) {
  if (x.type() != value::kind::list)
    throw failure{};
  return {x.as_list().begin(), x.as_list().end()};
}

std::map<std::string, value> pairs_of(const value& x) {
  if (x.type() != value::kind::map)
    throw failure{};
  std::map<std::string, value> pairs;
  for (const auto& entry : x.as_map())
    pairs[std::string(*entry.key.as_string())] = entry.mapped;
  return pairs;
}

value map_of(const std::map<std::string, value>& pairs) {
  return value::map(std::vector<std::pair<std::string, value>>(pairs.begin(), pairs.end()));
}

bool boolean(const value& x) {
  if (!x.as_bool())
    throw failure{};
  return *x.as_bool();
}

std::int64_t integer(const value& x) {
  if (!x.as_integer())
    throw failure{};
  return *x.as_integer();
}

double real(const value& x) {
  return x.as_real() ? *x.as_real() : static_cast<double>(integer(x));
}

std::int64_t narrow(wide x) {
  if (x < std::numeric_limits<std::int64_t>::min() || x > std::numeric_limits<std::int64_t>::max())
    throw failure{};
  return static_cast<std::int64_t>(x);
}

template <class Operation>
value arithmetic(const value& a, const value& b, Operation operation) {
  if (a.as_integer() && b.as_integer())
    return narrow(operation(static_cast<wide>(integer(a)), static_cast<wide>(integer(b))));
  const double x = operation(real(a), real(b));
  if (!std::isfinite(x))
    throw failure{};
  return x;
}

// Values are computed in 128 bits, and only then converted back to 64.
value quotient(const value& a, const value& b, bool remainder) {
  const wide dividend = integer(a);
  const wide divisor = integer(b);
  if (divisor == 0)
    throw failure{};
  return narrow(remainder ? dividend % divisor : dividend / divisor);
}

using function = std::function<value(const values&)>;

function kind_test(std::initializer_list<value::kind> kinds) {
  std::vector<value::kind> copy(kinds);
  return [copy](const values& x) { return value(std::find(copy.begin(), copy.end(), x[0].type()) != copy.end()); };
}

const std::map<std::string, function>& functions() {
  using enum value::kind;
  static const std::map<std::string, function> table{
      {"==", [](const values& x) { return value(x[0] == x[1]); }},
      {"/=", [](const values& x) { return value(!(x[0] == x[1])); }},
      {"=:=", [](const values& x) { return value(identical(x[0], x[1])); }},
      {"=/=", [](const values& x) { return value(!identical(x[0], x[1])); }},
      {"<", [](const values& x) { return value((x[0] <=> x[1]) < 0); }},
      {">", [](const values& x) { return value((x[1] <=> x[0]) < 0); }},
      {"=<", [](const values& x) { return value(!((x[1] <=> x[0]) < 0)); }},
      {">=", [](const values& x) { return value(!((x[0] <=> x[1]) < 0)); }},
      {"is_null", kind_test({null})},
      {"is_boolean", kind_test({boolean})},
      {"is_bool", kind_test({boolean})},
      {"is_atom", kind_test({null, boolean})},
      {"is_integer", kind_test({integer})},
      {"is_int", kind_test({integer})},
      {"is_float", kind_test({real})},
      {"is_real", kind_test({real})},
      {"is_number", kind_test({integer, real})},
      {"is_binary", kind_test({string})},
      {"is_string", kind_test({string})},
      {"is_bytes", kind_test({bytes})},
      {"is_pid", kind_test({actor})},
      {"is_actor", kind_test({actor})},
      {"is_list", kind_test({list})},
      {"is_map", kind_test({map})},
      {"+", [](const values& x) { return arithmetic(x[0], x[1], std::plus<>{}); }},
      {"-", [](const values& x) { return arithmetic(x[0], x[1], std::minus<>{}); }},
      {"div", [](const values& x) { return quotient(x[0], x[1], false); }},
      {"rem", [](const values& x) { return quotient(x[0], x[1], true); }},
      {"*", [](const values& x) { return arithmetic(x[0], x[1], std::multiplies<>{}); }},
      {"abs",
       [](const values& x) {
         if (const auto number = x[0].as_integer())
           return value(narrow(*number < 0 ? -static_cast<wide>(*number) : *number));
         return value(std::fabs(testing::real(x[0])));
       }},
      {"hd", [](const values& x) { return elements_of(x[0]).empty() ? throw failure{} : elements_of(x[0])[0]; }},
      {"tl",
       [](const values& x) {
         auto all = elements_of(x[0]);
         if (all.empty())
           throw failure{};
         all.erase(all.begin());
         return value::list(all);
       }},
      {"length", [](const values& x) { return value(elements_of(x[0]).size()); }},
      {"element",
       [](const values& x) {
         const auto all = elements_of(x[1]);
         const auto n = testing::integer(x[0]);
         if (n < 1 || n > static_cast<std::int64_t>(all.size()))
           throw failure{};
         return all[static_cast<std::size_t>(n) - 1];
       }},
      {"map_get",
       [](const values& x) {
         const auto pairs = pairs_of(x[1]);
         const auto found = x[0].as_string() ? pairs.find(std::string(*x[0].as_string())) : pairs.end();
         if (found == pairs.end())
           throw failure{};
         return found->second;
       }},
      {"is_map_key",
       [](const values& x) {
         const auto pairs = pairs_of(x[1]);
         return value(x[0].as_string() && pairs.count(std::string(*x[0].as_string())) == 1);
       }},
      {"map_size", [](const values& x) { return value(pairs_of(x[0]).size()); }},
      {"not", [](const values& x) { return value(!testing::boolean(x[0])); }},
      {"xor", [](const values& x) { return value(testing::boolean(x[0]) != testing::boolean(x[1])); }},
      {"and",
       [](const values& x) {
         bool result = true;
         for (const auto& each : x)
           result = testing::boolean(each) && result;
         return value(result);
       }},
      {"or",
       [](const values& x) {
         bool result = false;
         for (const auto& each : x)
           result = testing::boolean(each) || result;
         return value(result);
       }},
  };
  return table;
}

/// Evaluates; `row` is null in guards, where failures propagate to the guard, while in a body they end at the failing call.
class interpreter {
public:
  interpreter(const reference_bindings& bound, const value* row) : bound_(bound), row_(row) {}

  value evaluate(const expression_tree& tree) const {
    if (row_ == nullptr || tree.what != expression_tree::kind::call)
      return attempt(tree);
    try {
      return attempt(tree);
    } catch (const failure&) {
      return "EXIT";
    }
  }

private:
  value attempt(const expression_tree& tree) const {
    switch (tree.what) {
    case expression_tree::kind::constant:
      return tree.constant;
    case expression_tree::kind::variable:
      return bound_.at(tree.number);
    case expression_tree::kind::row:
      return *row_;
    case expression_tree::kind::bindings: {
      values all;
      for (const auto& [number, x] : bound_)
        all.push_back(x);
      return value::list(all);
    }
    case expression_tree::kind::list:
      return value::list(evaluate_all(tree.parts));
    case expression_tree::kind::map: {
      const auto parts = evaluate_all(tree.parts);
      std::map<std::string, value> pairs;
      for (std::size_t i = 0; i < parts.size(); ++i)
        pairs[tree.keys[i]] = parts[i];
      return map_of(pairs);
    }
    case expression_tree::kind::call:
      break;
    }
    if (tree.name == "andalso" || tree.name == "orelse") {
      const bool first = boolean(evaluate(tree.parts[0]));
      return first == (tree.name == "orelse") ? value(first) : evaluate(tree.parts[1]);
    }
    return functions().at(tree.name)(evaluate_all(tree.parts));
  }

  values evaluate_all(const std::vector<expression_tree>& trees) const {
    values all;
    for (const auto& tree : trees)
      all.push_back(evaluate(tree));
    return all;
  }

  const reference_bindings& bound_;
  const value* row_;
};

template <class To, class Tree>
std::vector<To> build_all(const std::vector<Tree>& trees) {
  std::vector<To> all;
  for (const auto& tree : trees)
    all.push_back(build(tree));
  return all;
}

template <class To, class Tree>
std::vector<std::pair<std::string, To>> build_pairs(const Tree& tree) {
  std::vector<std::pair<std::string, To>> pairs;
  for (std::size_t i = 0; i < tree.parts.size(); ++i)
    pairs.emplace_back(tree.keys[i], build(tree.parts[i]));
  return pairs;
}

} // namespace

pattern build(const pattern_tree& tree) {
  switch (tree.what) {
  case pattern_tree::kind::variable:
    return variable{tree.number};
  case pattern_tree::kind::literal:
    return tree.literal;
  case pattern_tree::kind::list:
    return pattern::list(build_all<pattern>(tree.parts));
  case pattern_tree::kind::longer_list: {
    auto parts = build_all<pattern>(tree.parts);
    auto tail = parts.back();
    parts.pop_back();
    return pattern::list(parts, tail);
  }
  case pattern_tree::kind::map:
    return pattern::map(build_pairs<pattern>(tree));
  default:
    return any;
  }
}

expression build(const expression_tree& tree) {
  switch (tree.what) {
  case expression_tree::kind::variable:
    return variable{tree.number};
  case expression_tree::kind::row:
    return row;
  case expression_tree::kind::bindings:
    return bindings;
  case expression_tree::kind::list:
    return expression::list(build_all<expression>(tree.parts));
  case expression_tree::kind::map:
    return expression::map(build_pairs<expression>(tree));
  case expression_tree::kind::call:
    return expression::call(tree.name, build_all<expression>(tree.parts));
  default:
    return tree.constant;
  }
}

select_clause build(const clause_tree& tree) {
  return {build(tree.key), build(tree.member), build(tree.data), build_all<expression>(tree.guards),
          build_all<expression>(tree.body)};
}

bool reference_matches(const pattern_tree& tree, const value& x, reference_bindings& bound) {
  const auto match_elements = [&](std::size_t count) {
    for (std::size_t i = 0; i < count; ++i)
      if (!reference_matches(tree.parts[i], x.as_list()[i], bound))
        return false;
    return true;
  };
  switch (tree.what) {
  case pattern_tree::kind::any:
    return true;
  case pattern_tree::kind::variable:
    return identical(bound.emplace(tree.number, x).first->second, x);
  case pattern_tree::kind::literal:
    return identical(tree.literal, x);
  case pattern_tree::kind::list:
    return x.type() == value::kind::list && x.as_list().size() == tree.parts.size() && match_elements(tree.parts.size());
  case pattern_tree::kind::longer_list: {
    const auto count = tree.parts.size() - 1;
    if (x.type() != value::kind::list || x.as_list().size() < count || !match_elements(count))
      return false;
    return reference_matches(tree.parts.back(), value::list(x.as_list().subspan(count)), bound);
  }
  case pattern_tree::kind::map:
    if (x.type() != value::kind::map)
      return false;
    for (std::size_t i = 0; i < tree.parts.size(); ++i)
      if (x.find(tree.keys[i]) == nullptr || !reference_matches(tree.parts[i], *x.find(tree.keys[i]), bound))
        return false;
    return true;
  }
  return false;
}

bool reference_holds(const std::vector<expression_tree>& guards, const reference_bindings& bound) {
  return std::all_of(guards.begin(), guards.end(), [&](const expression_tree& guard) {
    try {
      return identical(interpreter(bound, nullptr).evaluate(guard), value(true));
    } catch (const failure&) {
      return false;
    }
  });
}

value reference_body(const expression_tree& tree, const reference_bindings& bound, const value& row) {
  return interpreter(bound, &row).evaluate(tree);
}

std::optional<value> reference_run(const std::vector<clause_tree>& clauses, const value& key, const value& member,
                                   const value& data) {
  for (const auto& clause : clauses) {
    reference_bindings bound;
    if (reference_matches(clause.key, key, bound) && reference_matches(clause.member, member, bound) &&
        reference_matches(clause.data, data, bound) && reference_holds(clause.guards, bound))
      return reference_body(clause.body.back(), bound, list(key, member, data));
  }
  return std::nullopt;
}

} // namespace registry::testing
