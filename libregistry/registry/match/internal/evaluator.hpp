#pragma once

#include <registry/match/internal/condition.hpp>
#include <registry/match/internal/matching.hpp>

namespace registry::inline v0_2::internal {

/// The outcome of a condition; `neither` is a failure or a value that is not a boolean, which no operator distinguishes.
enum class truth : std::uint8_t { no, yes, neither };

/// The three parts of an entry.
struct entry_view {
  const value& key;
  const member& who;
  const value& data;
};

/// Evaluates guards (without an entry) or a body (with one) of a clause whose patterns have matched.
///
/// In a guard a failure gives null. In a body a failing call gives "EXIT", so nothing gives null. Only building lists and
/// maps allocates, including the tail of a list. Recursion is as deep as the expression.
class evaluator {
public:
  evaluator(const program& code, const compiled_clause& clause, const binding* bound, const entry_view* entry) noexcept
      : steps_(code.expressions.data()), clause_(clause), bound_(bound), entry_(entry) {}

  [[nodiscard]] truth test(const expression_step& step) const noexcept {
    return step.accepts != 0 ? test_comparison(step) : test_other(step);
  }

  /// The value of a step; it lives in the program, in the matched values, or in `scratch`.
  const value* evaluate(const expression_step& step, value& scratch) const noexcept;

private:
  static truth truth_of(bool x) noexcept { return x ? truth::yes : truth::no; }
  static truth negate(truth x) noexcept { return x == truth::neither ? x : truth_of(x == truth::no); }

  [[nodiscard]] const expression_step& argument(const expression_step& step, std::uint32_t i) const noexcept {
    return steps_[step.first + i];
  }

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
    return truth_of(compare(step.what, step.accepts, *left, *right));
  }

  [[nodiscard]] truth test_computed_comparison(const expression_step& step) const noexcept;
  [[nodiscard]] truth test_other(const expression_step& step) const noexcept;
  [[nodiscard]] truth test_kind(const expression_step& step) const noexcept;
  [[nodiscard]] truth test_value(const expression_step& step) const noexcept;
  [[nodiscard]] truth test_difference(const expression_step& step) const noexcept;
  [[nodiscard]] truth test_all(const expression_step& step, truth deciding) const noexcept;
  [[nodiscard]] truth test_lazily(const expression_step& step, truth deciding) const noexcept;

  const value* fail(value& scratch) const noexcept;
  const value* keep_result(std::optional<value> x, value& scratch) const noexcept;
  const value* bound_value(std::uint8_t slot, value& scratch) const noexcept;
  const value* make_row(value& scratch) const noexcept;
  const value* make_bindings(value& scratch) const noexcept;
  const value* make_list(const expression_step& step, value& scratch) const noexcept;
  const value* make_map(const expression_step& step, value& scratch) const noexcept;
  bool evaluate_into(value& out, const expression_step& step) const noexcept;
  const value* evaluate_lazily(const expression_step& step, truth deciding, value& scratch) const noexcept;
  const value* apply_unary(const expression_step& step, value& scratch) const noexcept;
  const value* apply_binary(const expression_step& step, value& scratch) const noexcept;

  const expression_step* steps_;
  const compiled_clause& clause_;
  const binding* bound_;
  const entry_view* entry_;
};

} // namespace registry::inline v0_2::internal
