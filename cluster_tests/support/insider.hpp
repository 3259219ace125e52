#pragma once

#include <support/remote_node.hpp>

#include <registry/caf/internal/frame_channel.hpp>
#include <registry/link/internal/link_service.hpp>
#include <registry/member/member.hpp>
#include <registry/node/clustered_system_config.hpp>

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>
#include <caf/message.hpp>

#include <cstdint>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace cluster_tests {

/// A peer that knows the secret and is hostile: it has a complete link with a node, and says what it likes.
class insider : private registry::link_observer {
public:
  static constexpr std::string_view name = "insider";

  /// Links with a node that was launched like this. Throws `std::runtime_error` if that takes more than a minute.
  insider(const launch& of_victim, const node_address& where);
  ~insider() override;

  /// Sends the bytes as a frame. False if the link has ended.
  bool send_frame(std::string_view bytes) const;
  /// Sends a message to the actor of the link at the other end, as if it were dispatched to that behind a change. False if the link has
  /// ended.
  bool dispatch_behind(const std::string& scope, std::uint64_t epoch, std::uint64_t commit, caf::message what) const;
  /// Whether the other end has ended the link.
  [[nodiscard]] bool is_cut() const;

private:
  std::optional<registry::dial_failure> objection(const registry::link_info&, std::string_view) override { return {}; }
  void established(registry::established_link x) override { made_.set_value(std::move(x)); }
  void dial_failed(const node_address&, registry::dial_failure, std::string detail) override;
  void dialler_refused(const node_address&, registry::dial_failure, std::string) override {}

  registry::clustered_system_config config_;
  caf::actor_system system_{config_};
  std::promise<registry::established_link> made_;
  std::unique_ptr<registry::link_service> service_;
  std::shared_ptr<registry::internal::frame_channel> channel_;
  registry::member remote_;
  caf::actor actor_;
};

} // namespace cluster_tests
