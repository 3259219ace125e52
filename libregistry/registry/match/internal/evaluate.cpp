#include <registry/match/internal/evaluate.hpp>
#include <registry/match/internal/evaluator.hpp>

namespace registry::inline v0_2::internal {

namespace {

bool each_guard_holds(const matching& run, const compiled_clause& clause) noexcept {
  const auto& code = run.code();
  const evaluator guards(code, clause, run.bound(), nullptr);
  const auto* guard = code.expressions.data() + clause.first_guard;
  for (const auto* const last = guard + clause.guard_count; guard != last; ++guard)
    if (guards.test(*guard) != truth::yes)
      return false;
  return true;
}

// Most guards have become part of a pattern.
bool guards_hold(const matching& run, const compiled_clause& clause) noexcept {
  return clause.guard_count == 0 || each_guard_holds(run, clause);
}

/// One entry and the clauses that are tried on it.
class attempt {
public:
  attempt(matching& run, const entry_view& entry) noexcept : run_(run), entry_(entry) {}

  /// The first clause that matches, or null.
  const compiled_clause* first_match() noexcept {
    for (const auto& clause : run_.code().clauses)
      if (matches(clause))
        return &clause;
    return nullptr;
  }
  [[nodiscard]] evaluator body(const compiled_clause& clause) const noexcept {
    return {run_.code(), clause, run_.bound(), &entry_};
  }

private:
  bool matches(const compiled_clause& clause) noexcept {
    return !run_.refuses(clause.data, entry_.data) && run_.match(clause.key, entry_.key) &&
           run_.match(clause.data, entry_.data) && matches_member(clause) && guards_hold(run_, clause);
  }

  /// Last, because a value of the member costs a reference: most entries have been rejected by now.
  bool matches_member(const compiled_clause& clause) noexcept {
    if (run_.code().patterns[clause.member].what == pattern_step::kind::any)
      return true;
    if (member_.is_null())
      member_ = value(entry_.who);
    return run_.match(clause.member, member_);
  }

  matching& run_;
  const entry_view& entry_;
  value member_; ///< of the entry, once a clause needs it
};

} // namespace

bool matches(matching& run, const value& data) noexcept {
  const auto& clause = run.code().clauses.front();
  return !run.refuses(clause.data, data) && run.match(clause.data, data) && guards_hold(run, clause);
}

std::optional<value> select(matching& run, const value& key, const member& who, const value& data) {
  const entry_view entry{key, who, data};
  attempt match(run, entry);
  const auto* clause = match.first_match();
  if (clause == nullptr)
    return std::nullopt;
  value scratch;
  const auto* x = match.body(*clause).evaluate(run.code().expressions[clause->body], scratch);
  if (x == &scratch)
    return scratch;
  return *x;
}

bool holds(matching& run, const value& key, const member& who, const value& data) noexcept {
  const entry_view entry{key, who, data};
  attempt match(run, entry);
  const auto* clause = match.first_match();
  return clause != nullptr && match.body(*clause).test(run.code().expressions[clause->body]) == truth::yes;
}

} // namespace registry::inline v0_2::internal
