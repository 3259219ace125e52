#include <registry/caf/internal/message_size.hpp>
#include <registry/compat/version.hpp>

#include <caf/actor_system.hpp>
#include <caf/binary_serializer.hpp>
#include <caf/message.hpp>

#include <vector>

namespace registry::inline v0_2::internal {

std::size_t message_size(caf::actor_system& system, const caf::message& content) {
  auto shared = content; // CAF does not write what is const
#if REGISTRY_CAF_0_17
  std::vector<char> out;
  caf::binary_serializer to{system, out};
  const bool is_written = !to(shared);
#else
  caf::byte_buffer out;
  caf::binary_serializer to{system, out};
  const bool is_written = to.apply(shared);
#endif
  return is_written ? out.size() : 0;
}

} // namespace registry::inline v0_2::internal
