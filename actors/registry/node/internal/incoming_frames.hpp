#pragma once

#include <registry/node/internal/routes.hpp>
#include <registry/scope/internal/open_scopes.hpp>

#include <memory>
#include <optional>
#include <utility>

namespace registry::inline v0_2 {

/// Leads frames from links to the scopes that they name. Any thread. Whoever holds it does not hold the mesh.
class incoming_frames {
public:
  incoming_frames(std::shared_ptr<open_scopes> scopes, std::shared_ptr<routes> ways)
      : scopes_(std::move(scopes)), ways_(std::move(ways)) {}

  /// False if the peer violates the protocol.
  bool receive(const incarnation& peer, const frame& content) const;
  /// The same, in an open deferral, by a thread that must not wait, and calls no code of the application when the deferral ends.
  /// Nothing, without effect, if the frame needs more than that.
  std::optional<bool> receive_at_once(const incarnation& peer, const frame& content) const;

private:
  const std::shared_ptr<open_scopes> scopes_;
  const std::shared_ptr<routes> ways_;
};

} // namespace registry::inline v0_2
