#pragma once

#include <chat/server.hpp>
#include <chat/world/messages.hpp>

#include <registry/node/clustered_system_config.hpp>
#include <registry/node/with_messages.hpp>

#include <caf/timespan.hpp>

#include <spdlog/common.h>

#include <string>

namespace chat {

/// The configuration of an actor system that hosts a chat server: adds to the options of the registry those of the chat, as the
/// group `chat`.
///
///     chat {
///       name = "one.example.org"
///       port = 6667
///     }
///     registry {
///       listen = "192.0.2.1:4700"
///       seeds = ["192.0.2.2:4700"]
///       secret-file = "/etc/chat.secret"
///     }
class system_config : public registry::with_messages<registry::clustered_system_config, caf::id_block::chat> {
public:
  system_config();

  /// The options of the server, checked. Errors: `invalid_argument` with the offending option.
  [[nodiscard]] registry::result<server_options> server() const;
  /// The level of the log. The same errors.
  [[nodiscard]] registry::result<spdlog::level::level_enum> log_level() const;

private:
  server_options options_;
  std::string motd_file_;
  std::string log_ = "info";
  caf::timespan tick_;
};

} // namespace chat
