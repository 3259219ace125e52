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

/// Whether CAF can read a message that has come from that node: on CAF 1.x, which does not survive one without a sender that it
/// cannot read. In the thread of CAF's multiplexer, outside of its broker.
[[nodiscard]] bool is_readable(caf::actor_system& system, caf::proxy_registry& proxies, caf::node_id from,
                               std::span<const std::byte> message);

} // namespace registry::inline v0_2::internal
