#pragma once

#include <registry/match/expression.hpp>

#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace registry::inline v0_2 {

namespace internal {
struct program;
class match_run;
class select_run;
} // namespace internal

/// A pattern with guards, checked and compiled, for `match`, `count_match` and `unregister_match`. Immutable; a copy costs
/// one reference count; any number of threads may use one at a time.
class match_spec {
public:
  /// Compiles a pattern and guards, all of which must be exactly true.
  ///
  /// `errc::bad_match_spec`: a variable that the pattern does not bind, an unknown function, a wrong number of arguments,
  /// `row` or `bindings` in a guard, a variable number out of range, a key twice. `errc::limit_exceeded`: too deep or too
  /// large. The message names the place and the fault; the position is the byte for parts that were parsed from text,
  /// otherwise 0.
  static result<match_spec> compile(const pattern& value, const std::vector<expression>& guards = {});

  /// Whether the value matches and every guard holds. Never allocates, unless a guard builds a list or map or uses the tail
  /// of a list. Any thread.
  [[nodiscard]] bool matches(const value& data) const noexcept;

private:
  friend class matcher;
  friend class internal::match_run;
  explicit match_spec(std::shared_ptr<const internal::program> program) noexcept;

  std::shared_ptr<const internal::program> program_;
};

/// One clause of a select: entries whose key, member and value match and for which all guards are exactly true give one
/// result, the value of the last expression of the body. A variable may occur in all three patterns.
struct select_clause {
  pattern key;                    ///< the key of the entry; a literal here spares the scan of the scope
  pattern member;                 ///< the actor of the entry
  pattern value;                  ///< the metadata of the entry
  std::vector<expression> guards; ///< each must be exactly true; may be empty
  /// At least one expression; the others have no effect.
  std::vector<expression> body;
};

/// The clauses of a select, checked and compiled. Immutable; a copy costs one reference count; any number of threads may use
/// one at a time.
class select_spec {
public:
  /// Compiles clauses, of which there must be at least one. Errors are those of `match_spec::compile`, and an empty body;
  /// the position is the byte for parts that were parsed from text, otherwise the index of the clause, from 0.
  static result<select_spec> compile(const std::vector<select_clause>& clauses);

  /// The result for one entry: that of the first clause that matches it; nothing if none does. Any thread.
  [[nodiscard]] std::optional<value> run(const value& key, const member& who, const value& data) const;

  /// Whether the result of `run` is exactly `true`, for `count_select`. Does not build the result. Any thread.
  [[nodiscard]] bool holds(const value& key, const member& who, const value& data) const noexcept;

  /// The distinct keys that entries must have to match, if every clause names its key as a literal: look them up instead of
  /// visiting every entry. Nothing if some clause has a pattern with holes, or a map, for its key. Lives as long as this
  /// object.
  [[nodiscard]] std::optional<std::span<const value>> bound_keys() const noexcept;

private:
  friend class internal::select_run;
  explicit select_spec(std::shared_ptr<const internal::program> program) noexcept;

  std::shared_ptr<const internal::program> program_;
};

} // namespace registry::inline v0_2
