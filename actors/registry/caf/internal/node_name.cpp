#include <registry/caf/internal/node_name.hpp>
#include <registry/compat/version.hpp>

#include <caf/actor_system.hpp>
#include <caf/binary_deserializer.hpp>
#include <caf/binary_serializer.hpp>
#include <caf/message.hpp>
#include <caf/proxy_registry.hpp>

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

bool is_readable([[maybe_unused]] caf::actor_system& system, [[maybe_unused]] caf::proxy_registry& proxies,
                 [[maybe_unused]] caf::node_id from, [[maybe_unused]] std::span<const std::byte> message) {
#if REGISTRY_CAF_0_17
  return true;
#else
  caf::message trial;
  caf::binary_deserializer source{system, caf::make_span(message.data(), message.size())};
  caf::proxy_registry::current(&proxies);
  proxies.set_last_hop(&from);
  const bool read = source.apply(trial);
  proxies.set_last_hop(nullptr);
  caf::proxy_registry::current(nullptr);
  return read;
#endif
}

} // namespace registry::inline v0_2::internal
