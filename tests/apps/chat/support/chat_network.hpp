#pragma once

#include <apps/chat/support/session_user.hpp>

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

namespace chat::testing {

/// Several nodes in this process whose chats are one; the servers are named `s0.test`, `s1.test` and so on. All are linked when
/// the constructor returns.
class chat_network {
public:
  explicit chat_network(std::size_t size);

  [[nodiscard]] chat_world& operator[](std::size_t i) { return *nodes_[i]; }
  /// Ends a node without a word of its sessions.
  void stop(std::size_t i);
  /// Returns when what happened in the scopes until now has come to all nodes, and has been told to the sessions.
  void settle() const;

private:
  std::vector<std::unique_ptr<chat_world>> nodes_;
};

/// What `chat_network::settle` does, for these nodes; those that are null are not there.
void settle(const std::vector<std::unique_ptr<chat_world>>& nodes);

/// Options of a node on a free port of the loopback interface. Silence alone takes no node out: a machine that is busy with something
/// else would cause it, too.
registry::cluster_options loopback(const std::vector<std::string>& seeds = {});

/// Whether the node has links with this many others.
bool is_linked(const chat_world& where, std::size_t others);

/// Whether this many nodes keep this topic of a channel, and none another one, as far as this node knows.
bool is_kept_by(std::size_t nodes, const chat_world& where, std::string_view channel, std::string_view topic);

} // namespace chat::testing
