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

namespace registry::inline v0_2 {

struct node_state;

/// The registry of one process: it owns the open scopes, restarts their actors when they crash, and knows the actors that
/// have names. Works without any network; with an address to listen on it takes part in a cluster, whose nodes find each
/// other and share the content of their scopes of the same name.
///
/// Const functions, and those on scopes and names, may be called from any thread; `drain`, `stop`, moves and the destructor
/// from one at a time. Order of destruction: handles and actors of the application may go in any order; the node must be
/// stopped (or destroyed) before its `caf::actor_system`.
class node {
public:
  /// Starts a node that is alone, in an actor system that was configured with `system_config`. Errors: `invalid_argument`
  /// for another configuration.
  static result<node> start(caf::actor_system& system);
  /// Starts a node of a cluster, in an actor system that was configured with `clustered_system_config`. It listens when this
  /// returns; its seeds need not be there yet. Errors: `invalid_argument` with the offending option, also if
  /// it cannot listen there.
  static result<node> start(caf::actor_system& system, const cluster_options& options);

  ///@{
  /// Moves the node; the target of an assignment is stopped first. A node that was moved from may only be destroyed or
  /// assigned to.
  node(node&&) noexcept;
  node& operator=(node&&) noexcept;
  ///@}
  /// Stops the node.
  ~node();

  ///@{
  /// Opens a scope, by its options or with defaults for all but name and mode. Errors: `invalid_argument` with the offending
  /// option; `scope_exists`; `scope_closed` if the node has been stopped.
  result<scope> open_scope(scope_options options);
  result<scope> open_scope(std::string name, key_mode mode = key_mode::duplicate);
  ///@}
  /// An open scope by its name; nothing if there is none.
  [[nodiscard]] std::optional<scope> find_scope(std::string_view name) const;
  /// The names of all open scopes, in no particular order.
  [[nodiscard]] std::vector<std::string> scope_names() const;
  /// Closes a scope: its actor ends, its subscribers get nothing more, handles become inert. Blocks until the actor has
  /// ended, for which it may need the calling thread if that runs actors; so in an actor it fails and has no effect: there
  /// `co_await` `awaitable_node::close_scope`. Errors: `invalid_argument` in an actor, or if there is no such scope.
  result<void> close_scope(std::string_view name);

  /// Names a local actor, for `scope_options::listeners`. A later actor of the same name replaces it; the name of a
  /// terminated actor is free.
  void name_actor(std::string name, const registrant& who);
  /// Frees a name, if it is taken.
  void forget_name(std::string_view name);
  /// The actor of a name; null if there is none.
  [[nodiscard]] member find_named(std::string_view name) const;

  /// The actor system that the node was started in.
  [[nodiscard]] caf::actor_system& system() const noexcept;

  // -- The cluster --------------------------------------------------------------------------------------------------------

  /// The identity of this run of this process; zero for a node that is alone.
  [[nodiscard]] const incarnation& self() const noexcept;
  /// The address that this node advertises to others; nothing for one that is alone.
  [[nodiscard]] std::optional<node_address> address() const;
  /// The other nodes of the cluster, also those whose link was lost and that are not yet taken for down.
  [[nodiscard]] std::vector<peer_status> peers() const;
  /// Blocks until the node has joined its cluster: every seed that answers is linked, and all open scopes are in sync with
  /// the linked nodes, as by `scope::wait_synced`. A seed that refuses connections, or does not answer a dial, is left out
  /// unless there is no other; so is this node itself. At once for a node that is alone or has no seeds. Nodes that are
  /// known through the seeds alone are linked a little later. Errors: `timeout` with each missing seed and the reason;
  /// `scope_closed` when the node is stopped; `invalid_argument` in an actor: there `co_await`
  /// `awaitable_node::await_joined`.
  [[nodiscard]] result<void> wait_joined(std::chrono::milliseconds timeout) const;
  /// Removes all entries of this node's actors, on every node, for `reason::drained`, so that no more messages are
  /// dispatched to them; then stops the node. The actors themselves go on. Blocks until the peers know, for a few seconds at
  /// most; so in an actor it fails and has no effect: there `co_await` `awaitable_node::drain`. Errors: `invalid_argument`
  /// in an actor.
  result<void> drain();

  /// Says goodbye to the cluster, closes all scopes and waits until their actors have ended. Idempotent. In an actor it
  /// blocks until the peers have hung up, two seconds at most, and does not wait for the end of other actors.
  void stop();

  /// Shared with the actors of the node; for this library alone.
  [[nodiscard]] const std::shared_ptr<node_state>& state() const noexcept { return state_; }

private:
  explicit node(std::shared_ptr<node_state> state) noexcept;

  std::shared_ptr<node_state> state_;
};

} // namespace registry::inline v0_2
