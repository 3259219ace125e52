#pragma once

namespace registry::inline v0_2 {

/// The highest number of a variable; the lowest is 1.
inline constexpr unsigned max_variable = 255;

/// A hole with a number. In a pattern it matches anything and binds it; in a guard or body it is the bound value. `var<1>`
/// is the usual spelling; `variable{n}` takes a number known at run time only, which is checked when the specification is
/// compiled.
struct variable {
  unsigned number; ///< 1 to `max_variable`
};

/// The variable number N: `var<1> > 3`.
template <unsigned N>
  requires(N >= 1 && N <= max_variable)
inline constexpr variable var{N};

/// The type of `any`.
struct any_t {};
/// A pattern that matches everything and binds nothing: `_`.
inline constexpr any_t any{};

/// The type of `row`.
struct row_t {};
/// The whole entry as the list `[key, member, value]`, in the body of a select clause: `$_`.
inline constexpr row_t row{};

/// The type of `bindings`.
struct bindings_t {};
/// The bound values of the clause's variables as a list, in the order of their numbers, in the body of a select clause:
/// `$$`.
inline constexpr bindings_t bindings{};

} // namespace registry::inline v0_2
