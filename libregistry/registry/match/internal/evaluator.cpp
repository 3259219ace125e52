#include <registry/match/internal/arithmetic.hpp>
#include <registry/match/internal/evaluator.hpp>

#include <array>
#include <span>

namespace registry::inline v0_2::internal {

namespace {

const value* keep(value x, value& scratch) noexcept {
  scratch = std::move(x);
  return &scratch;
}

/// A part of `whole`, which may itself be in `scratch`.
const value* keep_part(const value& part, const value* whole, value& scratch) noexcept {
  return whole == &scratch ? keep(value(part), scratch) : &part;
}

/// Lists and maps cannot nest without limit: exceeding it is a failure.
bool can_hold(const value& part) noexcept {
  return part.depth() < value::nesting_limit;
}

const value* find(const value& key, const value& map) noexcept {
  const auto text = key.as_string();
  return text ? map.find(*text) : nullptr;
}

} // namespace

// -- conditions

truth evaluator::test_other(const expression_step& step) const noexcept {
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
    return test_difference(step);
  case operation::strict_and:
    return test_all(step, truth::no);
  case operation::strict_or:
    return test_all(step, truth::yes);
  case operation::lazy_and:
    return test_lazily(step, truth::no);
  case operation::lazy_or:
    return test_lazily(step, truth::yes);
  default:
    return test_value(step);
  }
}

truth evaluator::test_computed_comparison(const expression_step& step) const noexcept {
  value left_scratch;
  value right_scratch;
  const auto* left = evaluate(argument(step, 0), left_scratch);
  if (left == nullptr)
    return truth::neither;
  const auto* right = evaluate(argument(step, 1), right_scratch);
  return right == nullptr ? truth::neither : truth_of(compare(step.what, *left, *right));
}

truth evaluator::test_kind(const expression_step& step) const noexcept {
  if (const auto* known = peek(argument(step, 0)))
    return truth_of(has_kind(step.what, known->type()));
  value scratch;
  const auto* x = evaluate(argument(step, 0), scratch);
  return x == nullptr ? truth::neither : truth_of(has_kind(step.what, x->type()));
}

truth evaluator::test_value(const expression_step& step) const noexcept {
  value scratch;
  const auto* x = evaluate(step, scratch);
  const auto boolean = x == nullptr ? std::nullopt : x->as_bool();
  return boolean ? truth_of(*boolean) : truth::neither;
}

truth evaluator::test_difference(const expression_step& step) const noexcept {
  const auto first = test(argument(step, 0));
  const auto second = test(argument(step, 1));
  return first == truth::neither || second == truth::neither ? truth::neither : truth_of(first != second);
}

// Strict: every argument is evaluated, and one that is not a boolean makes the result a failure even if another one would
// decide.
truth evaluator::test_all(const expression_step& step, truth deciding) const noexcept {
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

// Where only a boolean is useful, the second argument need not be kept as it is.
truth evaluator::test_lazily(const expression_step& step, truth deciding) const noexcept {
  const auto first = test(argument(step, 0));
  return first == negate(deciding) ? test(argument(step, 1)) : first;
}

// -- values

const value* evaluator::evaluate(const expression_step& step, value& scratch) const noexcept {
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
    return evaluate_lazily(step, truth::no, scratch);
  case operation::lazy_or:
    return evaluate_lazily(step, truth::yes, scratch);
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

const value* evaluator::keep_result(std::optional<value> x, value& scratch) const noexcept {
  return x ? keep(*std::move(x), scratch) : fail(scratch);
}

const value* evaluator::fail(value& scratch) const noexcept {
  return entry_ == nullptr ? nullptr : keep(value("EXIT"), scratch);
}

const value* evaluator::evaluate_lazily(const expression_step& step, truth deciding, value& scratch) const noexcept {
  const auto first = test(argument(step, 0));
  if (first == truth::neither)
    return fail(scratch);
  return first == deciding ? keep(first == truth::yes, scratch) : evaluate(argument(step, 1), scratch);
}

const value* evaluator::bound_value(std::uint8_t slot, value& scratch) const noexcept {
  const auto& b = bound_[slot];
  if (b.count == binding::whole)
    return b.first;
  return keep(value::list(std::span(b.first, static_cast<std::size_t>(b.count))), scratch);
}

const value* evaluator::make_row(value& scratch) const noexcept {
  if (!can_hold(entry_->key) || !can_hold(entry_->data))
    return fail(scratch);
  const std::array parts{entry_->key, value(entry_->who), entry_->data};
  return keep(value::list(std::span<const value>(parts)), scratch);
}

const value* evaluator::make_bindings(value& scratch) const noexcept {
  std::vector<value> elements(clause_.variables);
  for (std::uint32_t slot = 0; slot < clause_.variables; ++slot) {
    value tail;
    elements[slot] = *bound_value(static_cast<std::uint8_t>(slot), tail);
    if (!can_hold(elements[slot]))
      return fail(scratch);
  }
  return keep(value::list(std::move(elements)), scratch);
}

const value* evaluator::make_list(const expression_step& step, value& scratch) const noexcept {
  std::vector<value> elements(step.count);
  for (std::uint32_t i = 0; i < step.count; ++i) {
    if (!evaluate_into(elements[i], argument(step, i)))
      return nullptr;
    if (!can_hold(elements[i]))
      return fail(scratch);
  }
  return keep(value::list(std::move(elements)), scratch);
}

const value* evaluator::make_map(const expression_step& step, value& scratch) const noexcept {
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

bool evaluator::evaluate_into(value& out, const expression_step& step) const noexcept {
  value scratch;
  const auto* x = evaluate(step, scratch);
  if (x == nullptr)
    return false;
  if (x == &scratch)
    out = std::move(scratch);
  else
    out = *x;
  return true;
}

// -- functions

const value* evaluator::apply_unary(const expression_step& step, value& scratch) const noexcept {
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

const value* evaluator::apply_binary(const expression_step& step, value& scratch) const noexcept {
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

} // namespace registry::inline v0_2::internal
