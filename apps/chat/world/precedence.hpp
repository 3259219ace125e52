#pragma once

#include <registry/entry/entry.hpp>

#include <cstdint>

namespace chat {

/// A claim to a nickname. Two nodes that do not hear of each other can give away the same one; then this order, which is the
/// same on every node, says whose it is.
struct claim {
  registry::member who;
  /// When the name was taken, see `person::since`.
  std::int64_t since = 0;
};

/// The claim that stands in an entry of the scopes `nicks` or `channels`.
claim claim_in(const registry::member& who, const registry::value& data);

/// Whether the first claim is the better one: the earlier one, and of two of the same time that of the lesser member.
bool outranks(const claim& a, const claim& b) noexcept;

} // namespace chat
