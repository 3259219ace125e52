#pragma once

#include <registry/entry/entry.hpp>
#include <registry/scope/dispatch.hpp>

#include <cstdint>
#include <vector>

namespace registry {

/// The entries a dispatch goes to, out of those that can be reached. `turn` is the running number for round robin.
std::vector<const entry*> select_members(const std::vector<const entry*>& candidates, const dispatch_strategy& strategy,
                                         std::uint32_t turn);

} // namespace registry
