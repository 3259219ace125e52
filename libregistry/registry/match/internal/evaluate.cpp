#include <registry/match/internal/evaluate.hpp>
#include <registry/match/internal/evaluator.hpp>
#include <registry/match/term.hpp>

#include <array>

namespace registry::internal {

namespace {

using bindings_array = std::array<binding, max_variable>;

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
  if (x == &scratch)
    return scratch;
  return *x;
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
