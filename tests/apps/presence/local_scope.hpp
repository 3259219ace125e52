#pragma once

#include <registry/node/node.hpp>
#include <registry/node/system_config.hpp>

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>
#include <caf/scoped_actor.hpp>

#include <chrono>
#include <string>
#include <vector>

namespace presence::testing {

/// The scope `people` on a node that is alone, and those who use it, who end with it.
class local_scope {
public:
  local_scope() = default;
  local_scope(const local_scope&) = delete;
  local_scope& operator=(const local_scope&) = delete;
  ~local_scope();

  /// A user; returns when it is in the scope.
  caf::actor come(const std::string& name, const std::string& state, const std::string& place,
                  std::chrono::milliseconds patience = std::chrono::hours{1});
  /// Sends a user's actor a text.
  void say(const std::string& name, const std::string& text) const;
  /// The state of the user's only entry; empty if there is none.
  [[nodiscard]] std::string state_of(const std::string& name) const;
  /// Ends an actor with this object.
  caf::actor own(caf::actor who);

  registry::system_config config;
  caf::actor_system system{config};
  registry::node home = registry::node::start(system).value();
  registry::scope people = home.open_scope("people").value();

private:
  std::vector<caf::actor> actors_;
};

} // namespace presence::testing
