#pragma once

#include <registry/member/incarnation.hpp>
#include <registry/membership/address.hpp>
#include <registry/membership/internal/link.hpp>
#include <registry/node/peer_status.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace registry::inline v0_2 {

/// The state of a node's seeds, as far as this node knows. Not thread-safe.
class seed_watch {
public:
  /// `self` is the address that this node announces to the others.
  seed_watch(const std::vector<node_address>& seeds, const node_address& self);

  void dialled(const node_address& where, std::uint64_t number);
  void answered(std::uint64_t number, const incarnation& who);
  void failed(const node_address& where, dial_failure why, std::string detail);

  struct seed {
    node_address where;
    std::uint64_t dial = 0; ///< the number of the last one
    incarnation peer;       ///< the node that answered it, unless a later one failed
    std::optional<dial_failure> failure;
    std::string detail;
    std::optional<instant> missing_since;
    std::optional<instant> complained;
  };
  struct report {
    /// The linked node that listens at the address of a seed, or has answered there.
    std::vector<peer_status> linked;
    /// Seeds that respond, or still may, and are not linked; with the reason.
    std::vector<std::string> missing;
    /// Seeds that do not respond; with the reason.
    std::vector<std::string> silent;
  };
  /// The result with these peers. O(seeds x peers).
  [[nodiscard]] report judge(const std::vector<peer_status>& peers) const;

  /// Warnings for the operator: of each seed that this node has not been linked with for 5 s, and again every minute, with the
  /// reason. Call it about once a second.
  [[nodiscard]] std::vector<std::string> complaints(const std::vector<peer_status>& peers, instant now);

private:
  std::vector<seed> seeds_;
};

} // namespace registry::inline v0_2
