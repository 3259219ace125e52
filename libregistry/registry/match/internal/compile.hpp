#pragma once

#include <registry/match/internal/program.hpp>
#include <registry/match/specification.hpp>

#include <memory>
#include <span>

namespace registry::inline v0_2::internal {

/// Checks and compiles clauses. See `select_spec::compile` for the errors.
result<std::shared_ptr<const program>> compile(std::span<const select_clause> clauses);

} // namespace registry::inline v0_2::internal
