#include <registry/match/internal/arithmetic.hpp>
#include <registry/match/internal/condition.hpp>
#include <registry/match/internal/evaluate.hpp>
#include <registry/match/internal/matching.hpp>
#include <registry/match/term.hpp>

#include <array>
#include <span>

namespace registry::internal {

namespace {

using bindings_array = std::array<binding, max_variable>;

/// What a condition gives; `neither` is a failure or a value that is no boolean, which no operator tells apart.
enum class truth : std::uint8_t { no, yes, neither };

truth truth_of(bool x) noexcept {
  return x ? truth::yes : truth::no;
}

/// The three parts of an entry.
struct entry_view {
  const value& key;
  const value& member;
  const value& data;
};

/// Evaluates guards (`row` is null) or a body of one clause. In a guard a failure gives null; in a body the call that fails
/// gives "EXIT", and so nothing gives null.
class evaluator {
public:
  evaluator(const program& code, const compiled_clause& clause, const binding* bound, const entry_view* row) noexcept
      : steps_(code.expressions.data()), clause_(clause), bound_(bound), row_(row) {}

  [[nodiscard]] truth test(const expression_step& step) const noexcept {
    return step.accepts != 0 ? test_comparison(step) : test_other(step);
  }

  [[nodiscard]] truth test_other(const expression_step& step) const noexcept {
    switch (step.what) {
    case operation::is_null:
    case operation::is_boolean:
    case operation::is_atom:
    case operation::is_integer:
    case operation::is_real:
    case operation::is_number:
    case operation::is_string:
    case operation::is_bytes:
    case operation::is_actor:
    case operation::is_list:
    case operation::is_map:
      return test_kind(step);
    case operation::negation:
      return negate(test(argument(step, 0)));
    case operation::exclusive_or:
      return test_difference(test(argument(step, 0)), test(argument(step, 1)));
    case operation::strict_and:
      return test_all(step, truth::no);
    case operation::strict_or:
      return test_all(step, truth::yes);
    case operation::lazy_and: {
      const auto first = test(argument(step, 0));
      return first == truth::yes ? test(argument(step, 1)) : first;
    }
    case operation::lazy_or: {
      const auto first = test(argument(step, 0));
      return first == truth::no ? test(argument(step, 1)) : first;
    }
    default:
      return test_value(step);
    }
  }

  /// The value of a step; it lives in the program, in what was matched, or in `scratch`.
  const value* evaluate(const expression_step& step, value& scratch) const noexcept {
    switch (step.what) {
    case operation::constant:
      return &step.constant;
    case operation::variable:
      return bound_value(step.slot, scratch);
    case operation::row:
      return make_row(scratch);
    case operation::bindings:
      return make_bindings(scratch);
    case operation::make_list:
      return make_list(step, scratch);
    case operation::make_map:
      return make_map(step, scratch);
    case operation::lazy_and:
    case operation::lazy_or: {
      const auto first = test(argument(step, 0));
      if (first == truth::neither)
        return fail(scratch);
      if ((first == truth::yes) == (step.what == operation::lazy_or))
        return keep(first == truth::yes, scratch);
      return evaluate(argument(step, 1), scratch);
    }
    case operation::add:
    case operation::subtract:
    case operation::multiply:
    case operation::divide:
    case operation::remainder:
    case operation::is_map_key:
    case operation::map_get:
    case operation::element:
      return apply_binary(step, scratch);
    case operation::magnitude:
    case operation::head:
    case operation::tail:
    case operation::length:
    case operation::map_size:
      return apply_unary(step, scratch);
    default: {
      const auto result = test(step);
      return result == truth::neither ? fail(scratch) : keep(result == truth::yes, scratch);
    }
    }
  }

private:
  [[nodiscard]] const expression_step& argument(const expression_step& step, std::uint32_t i) const noexcept {
    return steps_[step.first + i];
  }

  // -- results

  static const value* keep(value x, value& scratch) noexcept {
    scratch = std::move(x);
    return &scratch;
  }

  const value* keep_result(std::optional<value> x, value& scratch) const noexcept {
    return x ? keep(*std::move(x), scratch) : fail(scratch);
  }

  /// A part of `whole`, which may itself be in `scratch`.
  static const value* keep_part(const value& part, const value* whole, value& scratch) noexcept {
    return whole == &scratch ? keep(value(part), scratch) : &part;
  }

  const value* fail(value& scratch) const noexcept { return row_ == nullptr ? nullptr : keep(value("EXIT"), scratch); }

  // -- conditions

  /// A constant or variable, which needs no evaluation; null for anything else.
  [[nodiscard]] const value* peek(const expression_step& step) const noexcept {
    if (step.what == operation::constant)
      return &step.constant;
    if (step.what == operation::variable && bound_[step.slot].count == binding::whole)
      return bound_[step.slot].first;
    return nullptr;
  }

  [[nodiscard]] truth test_comparison(const expression_step& step) const noexcept {
    const auto* left = peek(argument(step, 0));
    const auto* right = peek(argument(step, 1));
    if (left == nullptr || right == nullptr)
      return test_computed_comparison(step);
    if (left->type() == value::kind::integer && right->type() == value::kind::integer)
      return truth_of(compare(step.accepts, *left->as_integer(), *right->as_integer()));
    return truth_of(compare(step.what, *left, *right));
  }

  [[nodiscard]] truth test_computed_comparison(const expression_step& step) const noexcept {
    value left_scratch;
    value right_scratch;
    const auto* left = evaluate(argument(step, 0), left_scratch);
    if (left == nullptr)
      return truth::neither;
    const auto* right = evaluate(argument(step, 1), right_scratch);
    return right == nullptr ? truth::neither : truth_of(compare(step.what, *left, *right));
  }

  [[nodiscard]] truth test_kind(const expression_step& step) const noexcept {
    if (const auto* known = peek(argument(step, 0)))
      return truth_of(has_kind(step.what, known->type()));
    value scratch;
    const auto* x = evaluate(argument(step, 0), scratch);
    return x == nullptr ? truth::neither : truth_of(has_kind(step.what, x->type()));
  }

  [[nodiscard]] truth test_value(const expression_step& step) const noexcept {
    value scratch;
    const auto* x = evaluate(step, scratch);
    const auto boolean = x == nullptr ? std::nullopt : x->as_bool();
    return boolean ? truth_of(*boolean) : truth::neither;
  }

  static truth negate(truth x) noexcept { return x == truth::neither ? x : truth_of(x == truth::no); }

  static truth test_difference(truth a, truth b) noexcept {
    return a == truth::neither || b == truth::neither ? truth::neither : truth_of(a != b);
  }

  /// Strict: every argument is evaluated, and one that is no boolean spoils the result even if another one would decide.
  [[nodiscard]] truth test_all(const expression_step& step, truth deciding) const noexcept {
    auto result = negate(deciding);
    for (std::uint32_t i = 0; i < step.count; ++i) {
      const auto x = test(argument(step, i));
      if (x == truth::neither)
        return x;
      if (x == deciding)
        result = x;
    }
    return result;
  }

  // -- leaves and builders

  const value* bound_value(std::uint8_t slot, value& scratch) const noexcept {
    const auto& b = bound_[slot];
    if (b.count == binding::whole)
      return b.first;
    return keep(value::list(std::span(b.first, static_cast<std::size_t>(b.count))), scratch);
  }

  /// Lists and maps cannot nest without limit: one that would be too deep is a failure.
  static bool can_hold(const value& part) noexcept { return part.depth() < value::nesting_limit; }

  const value* make_row(value& scratch) const noexcept {
    if (!can_hold(row_->key) || !can_hold(row_->data))
      return fail(scratch);
    const std::array parts{row_->key, row_->member, row_->data};
    return keep(value::list(std::span<const value>(parts)), scratch);
  }

  const value* make_bindings(value& scratch) const noexcept {
    std::vector<value> elements(clause_.variables);
    for (std::uint32_t slot = 0; slot < clause_.variables; ++slot) {
      value tail;
      elements[slot] = *bound_value(static_cast<std::uint8_t>(slot), tail);
      if (!can_hold(elements[slot]))
        return fail(scratch);
    }
    return keep(value::list(std::move(elements)), scratch);
  }

  const value* make_list(const expression_step& step, value& scratch) const noexcept {
    std::vector<value> elements(step.count);
    for (std::uint32_t i = 0; i < step.count; ++i) {
      if (!evaluate_into(elements[i], argument(step, i)))
        return nullptr;
      if (!can_hold(elements[i]))
        return fail(scratch);
    }
    return keep(value::list(std::move(elements)), scratch);
  }

  const value* make_map(const expression_step& step, value& scratch) const noexcept {
    std::vector<map_entry> pairs(step.count);
    for (std::uint32_t i = 0; i < step.count; ++i) {
      pairs[i].key = step.constant.as_list()[i];
      if (!evaluate_into(pairs[i].mapped, argument(step, i)))
        return nullptr;
      if (!can_hold(pairs[i].mapped))
        return fail(scratch);
    }
    return keep(value::map(std::span(pairs)), scratch);
  }

  bool evaluate_into(value& out, const expression_step& step) const noexcept {
    value scratch;
    const auto* x = evaluate(step, scratch);
    if (x != nullptr)
      out = x == &scratch ? std::move(scratch) : *x;
    return x != nullptr;
  }

  // -- functions

  const value* apply_unary(const expression_step& step, value& scratch) const noexcept {
    const auto* x = evaluate(argument(step, 0), scratch);
    if (x == nullptr)
      return nullptr;
    const auto list = x->as_list();
    switch (step.what) {
    case operation::magnitude:
      return keep_result(magnitude(*x), scratch);
    case operation::head:
      return list.empty() ? fail(scratch) : keep_part(list.front(), x, scratch);
    case operation::tail:
      return list.empty() ? fail(scratch) : keep(value::list(list.subspan(1)), scratch);
    case operation::length:
      return x->type() == value::kind::list ? keep(value(list.size()), scratch) : fail(scratch);
    default:
      return x->type() == value::kind::map ? keep(value(x->as_map().size()), scratch) : fail(scratch);
    }
  }

  const value* apply_binary(const expression_step& step, value& scratch) const noexcept {
    value first_scratch;
    const auto* first = evaluate(argument(step, 0), first_scratch);
    if (first == nullptr)
      return nullptr;
    const auto* second = evaluate(argument(step, 1), scratch);
    if (second == nullptr)
      return nullptr;
    switch (step.what) {
    case operation::is_map_key:
      return second->type() == value::kind::map ? keep(find(*first, *second) != nullptr, scratch) : fail(scratch);
    case operation::map_get: {
      const auto* found = find(*first, *second);
      return found == nullptr ? fail(scratch) : keep_part(*found, second, scratch);
    }
    case operation::element: {
      const auto list = second->as_list();
      const auto n = first->as_integer();
      const bool exists = n && *n >= 1 && static_cast<std::uint64_t>(*n) <= list.size();
      return exists ? keep_part(list[static_cast<std::size_t>(*n - 1)], second, scratch) : fail(scratch);
    }
    default:
      return keep_result(calculate(step.what, *first, *second), scratch);
    }
  }

  static const value* find(const value& key, const value& map) noexcept {
    const auto text = key.as_string();
    return text ? map.find(*text) : nullptr;
  }

  const expression_step* steps_;
  const compiled_clause& clause_;
  const binding* bound_;
  const entry_view* row_;
};

bool guards_hold(const program& code, const compiled_clause& clause, const binding* bound) noexcept {
  const evaluator guards(code, clause, bound, nullptr);
  const auto* guard = code.expressions.data() + clause.first_guard;
  for (const auto* const last = guard + clause.guard_count; guard != last; ++guard)
    if (guards.test(*guard) != truth::yes)
      return false;
  return true;
}

bool matches(const program& code, const compiled_clause& clause, const entry_view& entry, binding* bound) noexcept {
  const matching patterns(code, bound);
  return patterns.match(clause.key, entry.key) && patterns.match(clause.member, entry.member) &&
         patterns.match(clause.data, entry.data) && guards_hold(code, clause, bound);
}

const compiled_clause* first_match(const program& code, const entry_view& entry, binding* bound) noexcept {
  for (const auto& clause : code.clauses)
    if (matches(code, clause, entry, bound))
      return &clause;
  return nullptr;
}

} // namespace

// The bindings are not initialised anywhere: the compiler has seen to it that nothing unbound is read.

bool matches(const program& code, const value& data) noexcept {
  bindings_array bound;
  const auto& clause = code.clauses.front();
  return matching(code, bound.data()).match(clause.data, data) && guards_hold(code, clause, bound.data());
}

std::optional<value> run(const program& code, const value& key, const member& who, const value& data) {
  const value member_value = code.uses_member ? value(who) : value();
  const entry_view entry{key, member_value, data};
  bindings_array bound;
  const auto* clause = first_match(code, entry, bound.data());
  if (clause == nullptr)
    return std::nullopt;
  value scratch;
  const auto* x = evaluator(code, *clause, bound.data(), &entry).evaluate(code.expressions[clause->body], scratch);
  return x == &scratch ? std::move(scratch) : *x;
}

bool holds(const program& code, const value& key, const member& who, const value& data) noexcept {
  const value member_value = code.uses_member ? value(who) : value();
  const entry_view entry{key, member_value, data};
  bindings_array bound;
  const auto* clause = first_match(code, entry, bound.data());
  return clause != nullptr &&
         evaluator(code, *clause, bound.data(), &entry).test(code.expressions[clause->body]) == truth::yes;
}

} // namespace registry::internal
