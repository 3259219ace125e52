#pragma once

#include <registry/match/internal/program.hpp>

namespace registry::internal {

/// Whether a value matches the only clause of a program: pattern and guards.
bool matches(const program& code, const value& data) noexcept;

/// The result of the first clause that matches an entry, or nothing.
std::optional<value> run(const program& code, const value& key, const member& who, const value& data);

/// Whether the result would be exactly `true`.
bool holds(const program& code, const value& key, const member& who, const value& data) noexcept;

} // namespace registry::internal
