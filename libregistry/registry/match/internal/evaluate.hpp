#pragma once

#include <registry/match/internal/matching.hpp>

namespace registry::inline v0_2::internal {

/// Whether a value matches the only clause of a program: pattern and guards.
bool matches(matching& run, const value& data) noexcept;

/// The result of the first clause that matches an entry, or nothing.
std::optional<value> select(matching& run, const value& key, const member& who, const value& data);

/// Whether the result would be exactly `true`.
bool holds(matching& run, const value& key, const member& who, const value& data) noexcept;

} // namespace registry::inline v0_2::internal
