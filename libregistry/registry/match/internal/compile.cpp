#include <registry/match/internal/compile.hpp>
#include <registry/match/internal/condition.hpp>
#include <registry/match/internal/node.hpp>

#include <algorithm>
#include <array>
#include <bitset>
#include <unordered_set>

namespace registry::inline v0_2::internal {

namespace {

using variables = std::bitset<max_variable + 1>;

std::string name_of(unsigned variable) {
  return "$" + std::to_string(variable);
}

std::string arity_of(const function& f) {
  if (f.most > f.fewest)
    return "at least " + std::to_string(f.fewest) + " arguments";
  return std::to_string(f.fewest) + (f.fewest == 1 ? " argument" : " arguments");
}

/// Compiles one clause into the program. Keeps the first error; output after an error is meaningless.
class clause_compiler {
public:
  clause_compiler(program& out, std::size_t index)
      : out_(out), index_(index), first_pattern_(static_cast<std::ptrdiff_t>(out.patterns.size())) {}

  std::optional<error> compile(const select_clause& clause) {
    collect("the key pattern", clause.key);
    collect("the member pattern", clause.member);
    collect("the value pattern", clause.value);
    number_slots();
    compiled_clause result;
    result.variables = static_cast<std::uint32_t>(bound_.count());
    if (!failure_) {
      result.key = add_pattern(clause.key);
      result.data = add_pattern(clause.value);
      result.member = add_pattern(clause.member);
    }
    add_guards(clause.guards, result);
    in_guard_ = false;
    add_body(clause.body, result);
    out_.clauses.push_back(result);
    return std::move(failure_);
  }

private:
  template <class Step>
  static std::uint32_t reserve(std::vector<Step>& steps, std::size_t count) {
    const auto first = static_cast<std::uint32_t>(steps.size());
    steps.resize(steps.size() + count);
    return first;
  }

  void fail(const node& where, std::string what, errc code = errc::bad_match_spec) {
    if (failure_)
      return;
    if (where.position != nowhere)
      failure_ = error::at(code, where.position, std::move(what));
    else
      failure_ = error::at(code, index_, "clause " + std::to_string(index_) + ", " + place_ + ": " + what);
  }

  /// Whether a node can be compiled at all.
  template <class Node>
  bool is_sound(const Node& x) {
    if (x.what == Node::kind::too_large)
      fail(x,
           "nests deeper than " + std::to_string(max_match_depth) + " levels or has more than " +
               std::to_string(max_match_size) + " parts; split it",
           errc::limit_exceeded);
    else if (x.what == Node::kind::invalid)
      fail(x, x.text);
    else if (x.what == Node::kind::variable && (x.number < 1 || x.number > max_variable))
      fail(x, "there is no variable " + name_of(x.number) + "; they go from $1 to " + name_of(max_variable));
    return !failure_;
  }

  // -- patterns

  void collect(std::string place, const pattern& p) {
    place_ = std::move(place);
    collect(node_access::of(p));
  }

  void collect(const pattern_node& x) {
    if (!is_sound(x))
      return;
    if (x.what == pattern_node::kind::variable)
      bound_.set(x.number);
    for (const auto& part : x.parts)
      collect(node_access::of(part));
    if (x.tail)
      collect(*x.tail);
  }

  void number_slots() {
    std::uint8_t next = 0;
    for (unsigned n = 1; n <= max_variable; ++n)
      if (bound_.test(n))
        slots_[n] = next++;
  }

  std::uint32_t add_pattern(const pattern& p) {
    const auto at = reserve(out_.patterns, 1);
    out_.patterns[at] = step_of(node_access::of(p));
    return at;
  }

  /// Whether the variable occurs here for the first time.
  bool first_use(unsigned variable) {
    const bool first = !used_.test(variable);
    used_.set(variable);
    return first;
  }

  pattern_step step_of(const pattern_node& x) {
    using kind = pattern_step::kind;
    pattern_step step;
    switch (x.what) {
    case pattern_node::kind::variable:
      step.what = first_use(x.number) ? kind::bind : kind::compare;
      step.slot = slots_[x.number];
      break;
    case pattern_node::kind::literal:
      step.what = kind::literal;
      step.literal = x.constant;
      break;
    case pattern_node::kind::list:
    case pattern_node::kind::map:
      step.what = x.what == pattern_node::kind::map ? kind::map : x.tail ? kind::longer_list : kind::list;
      if (step.what == kind::map && x.parts.size() <= key_places::most_keys && out_.remembered_maps < most_remembered_maps)
        step.places = out_.remembered_maps++;
      add_parts(x, step);
      break;
    default:
      step.what = kind::any;
    }
    return step;
  }

  void add_parts(const pattern_node& x, pattern_step& step) {
    step.count = static_cast<std::uint32_t>(x.parts.size());
    step.first = reserve(out_.patterns, x.parts.size());
    for (std::uint32_t i = 0; i < step.count; ++i) {
      auto part = step_of(node_access::of(x.parts[i]));
      if (!x.keys.empty())
        part.key = value(x.keys[i]);
      out_.patterns[step.first + i] = std::move(part);
    }
    if (!x.tail || x.tail->what != pattern_node::kind::variable)
      return;
    step.rest = first_use(x.tail->number) ? pattern_step::tail::bind : pattern_step::tail::compare;
    step.slot = slots_[x.tail->number];
  }

  // -- expressions

  void add_guards(const std::vector<expression>& guards, compiled_clause& result) {
    result.first_guard = reserve(out_.expressions, guards.size());
    for (std::size_t i = 0; i < guards.size(); ++i) {
      const auto at = result.first_guard + result.guard_count;
      add_root("guard", i, guards[i], at);
      if (!failure_ && !becomes_part_of_pattern(out_.expressions[at]))
        ++result.guard_count;
    }
  }

  /// Moves a guard that compares a variable with a constant to the place where the variable is bound: a comparison never
  /// fails, so its place does not matter, and rejecting early is cheaper.
  bool becomes_part_of_pattern(const expression_step& guard) {
    if (guard.accepts == 0)
      return false;
    const auto& left = out_.expressions[guard.first];
    const auto& right = out_.expressions[guard.first + 1];
    if (left.what == operation::variable && right.what == operation::constant)
      return bind_if(left.slot, guard.what, right.constant);
    if (left.what == operation::constant && right.what == operation::variable)
      return bind_if(right.slot, mirrored(guard.what), left.constant);
    return false;
  }

  /// Impossible for the tail of a list, and for a variable that already has a condition.
  bool bind_if(std::uint8_t slot, operation condition, const value& constant) {
    const auto first = out_.patterns.begin() + first_pattern_;
    const auto found = std::find_if(first, out_.patterns.end(), [slot](const pattern_step& step) {
      return step.what == pattern_step::kind::bind && step.slot == slot;
    });
    if (found == out_.patterns.end())
      return false;
    found->what = pattern_step::kind::bind_if;
    found->condition = condition;
    found->accepts = accepted_by(condition);
    found->literal = constant;
    return true;
  }

  void add_root(const char* what, std::size_t i, const expression& e, std::uint32_t at) {
    place_ = what + (" " + std::to_string(i));
    auto step = step_of(node_access::of(e));
    out_.expressions[at] = std::move(step);
  }

  void add_body(const std::vector<expression>& body, compiled_clause& result) {
    place_ = "body";
    if (body.empty())
      fail(node{}, "has no expression; add the one whose value is the result, for example $_");
    for (std::size_t i = 0; i < body.size(); ++i) {
      result.body = reserve(out_.expressions, 1);
      add_root("body expression", i, body[i], result.body);
    }
  }

  expression_step step_of(const expression_node& x) {
    using kind = expression_node::kind;
    expression_step step;
    if (!is_sound(x))
      return step;
    switch (x.what) {
    case kind::variable:
      if (!bound_.test(x.number))
        fail(x, "the variable " + name_of(x.number) + " is not bound by a pattern of the clause");
      step.what = operation::variable;
      step.slot = slots_[x.number];
      break;
    case kind::row:
      check_place(x, "$_");
      step.what = operation::row;
      break;
    case kind::bindings:
      check_place(x, "$$");
      step.what = operation::bindings;
      break;
    case kind::list:
    case kind::map:
      step.what = x.what == kind::list ? operation::make_list : operation::make_map;
      step.constant = value::list(std::vector<value>(x.keys.begin(), x.keys.end()));
      add_arguments(x, step);
      break;
    case kind::call:
      step.what = function_of(x);
      step.accepts = accepted_by(step.what);
      add_arguments(x, step);
      break;
    default:
      step.constant = x.constant;
    }
    return step;
  }

  void check_place(const expression_node& x, const char* name) {
    if (in_guard_)
      fail(x, std::string(name) + " has a meaning in bodies only, not in guards; use variables");
  }

  operation function_of(const expression_node& x) {
    const auto* found = find_function(x.text);
    if (found == nullptr)
      fail(x, "there is no function '" + x.text + "'");
    else if (x.parts.size() < found->fewest || x.parts.size() > found->most)
      fail(x, "'" + x.text + "' takes " + arity_of(*found) + ", not " + std::to_string(x.parts.size()));
    return found == nullptr ? operation::constant : found->what;
  }

  void add_arguments(const expression_node& x, expression_step& step) {
    step.count = static_cast<std::uint32_t>(x.parts.size());
    step.first = reserve(out_.expressions, x.parts.size());
    for (std::uint32_t i = 0; i < step.count; ++i) {
      auto argument = step_of(node_access::of(x.parts[i]));
      out_.expressions[step.first + i] = std::move(argument);
    }
  }

  program& out_;
  std::size_t index_;
  std::ptrdiff_t first_pattern_; ///< of this clause
  std::string place_;            ///< the part of the clause, for messages
  bool in_guard_ = true;
  variables bound_; ///< by the patterns of the clause
  variables used_;  ///< by the patterns compiled so far
  std::array<std::uint8_t, max_variable + 1> slots_{};
  std::optional<error> failure_;
};

/// The literal keys of all clauses, each once, or nothing if the key of a clause is not a literal.
std::optional<std::vector<value>> bound_keys(std::span<const select_clause> clauses) {
  std::vector<value> keys;
  std::unordered_set<value, strict_hash, strict_equal> seen;
  for (const auto& clause : clauses) {
    const auto& key = node_access::of(clause.key);
    if (key.what != pattern_node::kind::literal)
      return std::nullopt;
    if (seen.insert(key.constant).second)
      keys.push_back(key.constant);
  }
  return keys;
}

} // namespace

result<std::shared_ptr<const program>> compile(std::span<const select_clause> clauses) {
  if (clauses.empty())
    return error::at(errc::bad_match_spec, 0, "a select needs at least one clause");
  auto out = std::make_shared<program>();
  for (std::size_t i = 0; i < clauses.size(); ++i)
    if (auto failure = clause_compiler(*out, i).compile(clauses[i]))
      return *std::move(failure);
  out->bound_keys = bound_keys(clauses);
  return std::shared_ptr<const program>(std::move(out));
}

} // namespace registry::inline v0_2::internal
