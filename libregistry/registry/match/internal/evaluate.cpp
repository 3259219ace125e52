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

/// One entry and the variables of the clause that is tried on it.
class attempt {
public:
  attempt(const program& code, const entry_view& entry) noexcept : code_(code), entry_(entry) {}

  /// The first clause that matches, or null.
  const compiled_clause* first_match() noexcept {
    for (const auto& clause : code_.clauses)
      if (matches(clause))
        return &clause;
    return nullptr;
  }
  [[nodiscard]] evaluator body(const compiled_clause& clause) const noexcept {
    return {code_, clause, bound_.data(), &entry_};
  }

private:
  bool matches(const compiled_clause& clause) noexcept {
    const matching patterns(code_, bound_.data());
    return patterns.match(clause.key, entry_.key) && patterns.match(clause.data, entry_.data) &&
           matches_member(patterns, clause) && guards_hold(code_, clause, bound_.data());
  }

  /// Last, because a value of the member costs a reference: most entries are out by now.
  bool matches_member(const matching& patterns, const compiled_clause& clause) noexcept {
    if (code_.patterns[clause.member].what == pattern_step::kind::any)
      return true;
    if (member_.is_null())
      member_ = value(entry_.who);
    return patterns.match(clause.member, member_);
  }

  const program& code_;
  const entry_view& entry_;
  value member_; ///< of the entry, as soon as a clause asks for it
  // Not initialised: the compiler has seen to it that nothing unbound is read.
  bindings_array bound_; // NOLINT(cppcoreguidelines-pro-type-member-init)
};

} // namespace

bool matches(const program& code, const value& data) noexcept {
  bindings_array bound; // not initialised, as above
  const auto& clause = code.clauses.front();
  return matching(code, bound.data()).match(clause.data, data) && guards_hold(code, clause, bound.data());
}

std::optional<value> run(const program& code, const value& key, const member& who, const value& data) {
  const entry_view entry{key, who, data};
  attempt match(code, entry);
  const auto* clause = match.first_match();
  if (clause == nullptr)
    return std::nullopt;
  value scratch;
  const auto* x = match.body(*clause).evaluate(code.expressions[clause->body], scratch);
  if (x == &scratch)
    return scratch;
  return *x;
}

bool holds(const program& code, const value& key, const member& who, const value& data) noexcept {
  const entry_view entry{key, who, data};
  attempt match(code, entry);
  const auto* clause = match.first_match();
  return clause != nullptr && match.body(*clause).test(code.expressions[clause->body]) == truth::yes;
}

} // namespace registry::internal
