#include <registry/membership/internal/link.hpp>

namespace registry::inline v0_2 {

std::string_view to_string(dial_failure x) noexcept {
  switch (x) {
  case dial_failure::refused:
    return "nobody listens there";
  case dial_failure::unreachable:
    return "it does not answer";
  case dial_failure::duplicate_link:
    return "there is a link already";
  case dial_failure::self:
    return "it is this node";
  case dial_failure::wrong_secret:
    return "the shared secrets differ; give all nodes of the cluster the same one";
  case dial_failure::wrong_version:
    return "the protocol versions do not overlap; upgrade the older node";
  case dial_failure::wrong_cluster:
    return "it belongs to a cluster of another name; correct the name or the seeds";
  case dial_failure::duplicate_node_id:
    return "its CAF node id is in use by another node; restart it";
  case dial_failure::broken_handshake:
    return "it does not speak this protocol; check the address";
  }
  return "unknown";
}

} // namespace registry::inline v0_2
