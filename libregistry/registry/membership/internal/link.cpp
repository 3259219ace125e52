#include <registry/membership/internal/link.hpp>

#include <algorithm>

namespace registry::inline v0_2 {

bool is_node_name(std::string_view text) noexcept {
  constexpr std::string_view others{"-._:@/"};
  const auto fits = [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           others.find(c) != std::string_view::npos;
  };
  return !text.empty() && text.size() <= max_node_name && std::all_of(text.begin(), text.end(), fits);
}

std::string label_of(const incarnation& who, const node_address& where, std::string_view name) {
  constexpr std::size_t digits = 8;
  const auto before = name.empty() ? std::string{} : std::string{name} + " at ";
  return before + to_string(where) + " (" + to_string(who).substr(0, digits) + ")";
}

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
  case dial_failure::wrong_certificate:
    return "a certificate was refused";
  case dial_failure::wrong_encryption:
    return "one of the two encrypts, and the other does not; set encryption at both to the same, or update the older node";
  case dial_failure::hung_up:
    return "it accepts a connection and hangs up";
  }
  return "unknown";
}

} // namespace registry::inline v0_2
