#include <registry/caf/internal/node_name.hpp>
#include <registry/compat/version.hpp>

#include <caf/actor_system.hpp>
#include <caf/binary_deserializer.hpp>
#include <caf/binary_serializer.hpp>

namespace registry::inline v0_2::internal {

std::vector<std::byte> encoded_node(caf::actor_system& system, const std::string& node) {
  caf::node_id id;
  if (parse(node, id))
    return {};
#if REGISTRY_CAF_0_17
  std::vector<char> out;
#else
  caf::byte_buffer out;
#endif
  caf::binary_serializer to{system, out};
#if REGISTRY_CAF_0_17
  if (to(id))
    return {};
#else
  if (!to.apply(id))
    return {};
#endif
  const auto bytes = std::as_bytes(std::span{out});
  return {bytes.begin(), bytes.end()};
}

std::optional<caf::node_id> decoded_node(caf::actor_system& system, std::span<const std::byte> data) {
  caf::node_id out;
#if REGISTRY_CAF_0_17
  caf::binary_deserializer from{system, reinterpret_cast<const char*>(data.data()), data.size()};
  if (from(out))
    return std::nullopt;
#else
  caf::binary_deserializer from{system, caf::make_span(data.data(), data.size())};
  if (!from.apply(out))
    return std::nullopt;
#endif
  return out ? std::optional{out} : std::nullopt;
}

} // namespace registry::inline v0_2::internal
