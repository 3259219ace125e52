#include "random_tree.hpp"

#include <array>
#include <set>

namespace registry::testing {

namespace {

using goal = value::kind;

bool chance(std::mt19937_64& random, std::size_t one_in) {
  return random_below(random, one_in) == 0;
}

pattern_tree hole(std::mt19937_64& random) {
  pattern_tree tree;
  if (chance(random, 3))
    return tree;
  tree.what = pattern_tree::kind::variable;
  // Few numbers, so that variables repeat; with gaps, so that their order matters.
  constexpr std::array<unsigned, 6> numbers{1, 2, 3, 7, 40, 255};
  tree.number = numbers[random_below(random, numbers.size())];
  return tree;
}

pattern_tree literal(value x) {
  pattern_tree tree;
  tree.what = pattern_tree::kind::literal;
  tree.literal = std::move(x);
  return tree;
}

pattern_tree random_list_pattern(std::mt19937_64& random, const value& x, const value_shape& shape) {
  pattern_tree tree;
  tree.what = pattern_tree::kind::list;
  auto elements = x.as_list();
  const bool with_tail = chance(random, 3);
  if (with_tail)
    elements = elements.first(random_below(random, elements.size() + 1));
  for (const auto& element : elements)
    tree.parts.push_back(random_pattern(random, element, shape));
  if (with_tail) {
    tree.what = pattern_tree::kind::longer_list;
    tree.parts.push_back(hole(random));
  }
  return tree;
}

pattern_tree random_map_pattern(std::mt19937_64& random, const value& x, const value_shape& shape) {
  pattern_tree tree;
  tree.what = pattern_tree::kind::map;
  for (const auto& [key, mapped] : x.as_map())
    if (!chance(random, 3)) {
      tree.keys.emplace_back(*key.as_string());
      tree.parts.push_back(random_pattern(random, mapped, shape));
    }
  return tree;
}

void collect(const pattern_tree& tree, std::set<unsigned>& variables) {
  if (tree.what == pattern_tree::kind::variable)
    variables.insert(tree.number);
  for (const auto& part : tree.parts)
    collect(part, variables);
}

struct signature {
  const char* name;
  goal result;
  std::vector<goal> arguments;
};

const std::vector<signature>& signatures() {
  using enum value::kind;
  static const std::vector<signature> all{
      {"==", boolean, {null, null}},
      {"/=", boolean, {integer, real}},
      {"=:=", boolean, {null, null}},
      {"=/=", boolean, {integer, integer}},
      {"<", boolean, {integer, integer}},
      {">", boolean, {null, null}},
      {"=<", boolean, {real, integer}},
      {">=", boolean, {null, null}},
      {"is_null", boolean, {null}},
      {"is_boolean", boolean, {boolean}},
      {"is_bool", boolean, {null}},
      {"is_atom", boolean, {null}},
      {"is_integer", boolean, {integer}},
      {"is_int", boolean, {null}},
      {"is_float", boolean, {real}},
      {"is_real", boolean, {null}},
      {"is_number", boolean, {real}},
      {"is_binary", boolean, {null}},
      {"is_string", boolean, {string}},
      {"is_bytes", boolean, {null}},
      {"is_pid", boolean, {null}},
      {"is_actor", boolean, {null}},
      {"is_list", boolean, {list}},
      {"is_map", boolean, {map}},
      {"not", boolean, {boolean}},
      {"xor", boolean, {boolean, boolean}},
      {"and", boolean, {boolean, boolean}},
      {"or", boolean, {boolean, boolean, boolean}},
      {"and", boolean, {boolean, boolean, boolean, boolean}},
      {"andalso", boolean, {boolean, null}},
      {"orelse", boolean, {boolean, null}},
      {"andalso", boolean, {boolean, boolean}},
      {"orelse", boolean, {boolean, boolean}},
      {"is_map_key", boolean, {string, map}},
      {"+", integer, {integer, integer}},
      {"-", integer, {integer, integer}},
      {"*", integer, {integer, integer}},
      {"+", real, {real, integer}},
      {"-", real, {integer, real}},
      {"*", real, {real, real}},
      {"div", integer, {integer, integer}},
      {"rem", integer, {integer, integer}},
      {"abs", integer, {integer}},
      {"abs", real, {real}},
      {"length", integer, {list}},
      {"map_size", integer, {map}},
      {"hd", null, {list}},
      {"tl", list, {list}},
      {"element", null, {integer, list}},
      {"map_get", null, {string, map}},
  };
  return all;
}

/// Makes expressions; `goal::null` stands for a value of any kind.
class expression_maker {
public:
  expression_maker(std::mt19937_64& random, const std::vector<unsigned>& variables, bool in_body, const value_shape& shape)
      : random_(random), variables_(variables), in_body_(in_body), shape_(shape) {}

  expression_tree make(goal wanted, std::size_t depth) {
    if (chance(random_, 8))
      wanted = goal::null;
    if (depth == 0 || chance(random_, 5))
      return leaf(wanted);
    if (wanted == goal::list && chance(random_, 2))
      return container(expression_tree::kind::list, depth);
    if (wanted == goal::map || chance(random_, 12))
      return container(chance(random_, 2) ? expression_tree::kind::list : expression_tree::kind::map, depth);
    return call(wanted, depth);
  }

private:
  expression_tree leaf(goal wanted) {
    expression_tree tree;
    if (!variables_.empty() && !chance(random_, 3)) {
      tree.what = expression_tree::kind::variable;
      tree.number = variables_[random_below(random_, variables_.size())];
    } else if (in_body_ && chance(random_, 6)) {
      tree.what = chance(random_, 2) ? expression_tree::kind::row : expression_tree::kind::bindings;
    } else {
      tree.constant = constant(wanted);
    }
    return tree;
  }

  value constant(goal wanted) {
    for (int attempt = 0; attempt < 20; ++attempt)
      if (auto x = random_value(random_, shape_); wanted == goal::null || x.type() == wanted)
        return x;
    return wanted == goal::boolean ? value(chance(random_, 2)) : value(random_below(random_, 4));
  }

  expression_tree container(expression_tree::kind what, std::size_t depth) {
    expression_tree tree;
    tree.what = what;
    std::set<std::string> keys;
    for (auto n = random_below(random_, 4); n > 0; --n) {
      if (what == expression_tree::kind::map && !keys.insert(random_text(random_, true)).second)
        continue;
      tree.parts.push_back(make(goal::null, depth - 1));
    }
    tree.keys.assign(keys.begin(), keys.end());
    return tree;
  }

  expression_tree call(goal wanted, std::size_t depth) {
    const auto& all = signatures();
    for (int attempt = 0; attempt < 100; ++attempt) {
      const auto& chosen = all[random_below(random_, all.size())];
      if (wanted != goal::null && chosen.result != wanted)
        continue;
      expression_tree tree;
      tree.what = expression_tree::kind::call;
      tree.name = chosen.name;
      for (const auto argument : chosen.arguments)
        tree.parts.push_back(make(argument, depth - 1));
      return tree;
    }
    return leaf(wanted);
  }

  std::mt19937_64& random_;
  const std::vector<unsigned>& variables_;
  bool in_body_;
  const value_shape& shape_;
};

} // namespace

pattern_tree random_pattern(std::mt19937_64& random, const value& x, const value_shape& shape) {
  if (chance(random, 20))
    return random_pattern(random, random_value(random, shape), shape);
  if (chance(random, 3))
    return hole(random);
  if (x.type() == value::kind::list && !chance(random, 4))
    return random_list_pattern(random, x, shape);
  if (x.type() == value::kind::map && !chance(random, 4))
    return random_map_pattern(random, x, shape);
  return literal(x);
}

expression_tree random_expression(std::mt19937_64& random, const std::vector<unsigned>& variables, bool in_body,
                                  std::size_t depth, const value_shape& shape) {
  const auto wanted = in_body ? goal::null : goal::boolean;
  return expression_maker(random, variables, in_body, shape).make(wanted, depth);
}

clause_tree random_clause(std::mt19937_64& random, const value& key, const value& member, const value& data,
                          const value_shape& shape) {
  clause_tree clause{random_pattern(random, key, shape), hole(random), random_pattern(random, data, shape), {}, {}};
  if (chance(random, 4))
    clause.member = literal(member);
  std::set<unsigned> bound;
  for (const auto* part : {&clause.key, &clause.member, &clause.data})
    collect(*part, bound);
  const std::vector<unsigned> variables(bound.begin(), bound.end());
  for (auto n = random_below(random, 3); n > 0; --n)
    clause.guards.push_back(random_expression(random, variables, false, 3, shape));
  for (auto n = 1 + random_below(random, 2); n > 0; --n)
    clause.body.push_back(random_expression(random, variables, true, 4, shape));
  return clause;
}

} // namespace registry::testing
