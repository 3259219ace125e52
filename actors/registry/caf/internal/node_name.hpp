#pragma once

#include <caf/fwd.hpp>
#include <caf/node_id.hpp>

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace registry::inline v0_2::internal {

/// A node as CAF writes it in messages; empty if the text is not that of a node.
[[nodiscard]] std::vector<std::byte> encoded_node(caf::actor_system& system, const std::string& node);

/// Nothing if the bytes are not those of a node.
[[nodiscard]] std::optional<caf::node_id> decoded_node(caf::actor_system& system, std::span<const std::byte> data);

} // namespace registry::inline v0_2::internal
