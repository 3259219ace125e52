#pragma once

#include <registry/error/error.hpp>
#include <registry/member/incarnation.hpp>
#include <registry/node/cluster_options.hpp>
#include <registry/node/peer_status.hpp>
#include <registry/scope/scope.hpp>

#include <caf/fwd.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace registry {

struct node_state;

/// One process's part in the registry: it owns the open scopes, restarts their actors when they crash, and knows the actors
/// that have names. Works without any network; given an address to listen on it takes part in a cluster, whose nodes find each
/// other and share the content of their scopes of one name.
///
/// Order of destruction: handles and actors of the application may go in any order; the node must be stopped (or destroyed)
/// before its `caf::actor_system` is.
class node {
public:
  /// Starts a node that is alone, in an actor system that was configured with `system_config`.
  static result<node> start(caf::actor_system& system);
  /// Starts a node of a cluster, in an actor system that was configured with `clustered_system_config`. It listens when this
  /// returns; its seeds need not be there yet. Errors: `invalid_argument` with the offending option.
  static result<node> start(caf::actor_system& system, const cluster_options& options);

  node(node&&) noexcept;
  node& operator=(node&&) noexcept;
  /// Stops the node.
  ~node();

  /// Opens a scope. Errors: `invalid_argument` with the offending option, `scope_exists`.
  result<scope> open_scope(scope_options options);
  /// The same with default options but for the name and the mode.
  result<scope> open_scope(std::string name, key_mode mode = key_mode::duplicate);
  /// An open scope by its name.
  [[nodiscard]] std::optional<scope> find_scope(std::string_view name) const;
  [[nodiscard]] std::vector<std::string> scope_names() const;
  /// Closes a scope: its actor ends, its subscribers get nothing more, handles become inert. Waits for the actor's end, which may
  /// need the calling thread if that runs actors; so it is refused there, and nothing happens: `co_await` what `awaitable_node` has.
  /// Errors: `invalid_argument`.
  result<void> close_scope(std::string_view name);

  /// Names a local actor so that scopes can address it as a listener. A later actor of the same name replaces it; a name whose
  /// actor has terminated is as good as none.
  void name_actor(std::string name, const registrant& who);
  void forget_name(std::string_view name);
  [[nodiscard]] member find_named(std::string_view name) const;

  [[nodiscard]] caf::actor_system& system() const noexcept;

  // -- The cluster ------------------------------------------------------------------------------------------------------------

  /// The identity of this run of this process; zero for a node that is alone.
  [[nodiscard]] const incarnation& self() const noexcept;
  /// Where others reach this node; nothing for one that is alone.
  [[nodiscard]] std::optional<node_address> address() const;
  /// The other nodes that are there, or were a moment ago.
  [[nodiscard]] std::vector<peer_status> peers() const;
  /// Waits until the node has joined its cluster: every seed that answers is linked, and all open scopes are in sync with the
  /// linked nodes, as by `scope::wait_synced`. A seed that refuses connections, or does not answer a dial, is not waited for unless
  /// there is no other; this node itself is no seed. At once for a node that is alone or has no seeds. What a node learns
  /// of through its seeds is linked a little later.
  /// Errors: `timeout` with each seed that is missing and why; `scope_closed` when the node is stopped; `invalid_argument` in an
  /// actor, where it would block others: `co_await` what `awaitable_node` has.
  [[nodiscard]] result<void> wait_joined(std::chrono::milliseconds timeout) const;
  /// Leaves: all entries of this node's actors are removed, everywhere, for `reason::drained`, so that nothing more is
  /// dispatched to them; then `stop`. The actors themselves go on. Blocks until peers have been told, for a few seconds at most; so it
  /// is refused in an actor, and nothing happens: `co_await` what `awaitable_node` has. Errors: `invalid_argument`.
  result<void> drain();

  /// Takes leave of the cluster, closes all scopes and waits until their actors have ended. Idempotent. In an actor it blocks
  /// until the peers have hung up, two seconds at most, and does not wait for the end of other actors.
  void stop();

  /// For the parts of this library.
  [[nodiscard]] const std::shared_ptr<node_state>& state() const noexcept { return state_; }

private:
  explicit node(std::shared_ptr<node_state> state) noexcept;

  std::shared_ptr<node_state> state_;
};

} // namespace registry
