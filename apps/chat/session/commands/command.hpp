#pragma once

#include <chat/irc/message.hpp>
#include <chat/session/context.hpp>

#include <cstddef>
#include <string_view>

namespace chat {

/// A command that a client may send.
struct command {
  std::string_view name;
  /// Fewer are answered with ERR_NEEDMOREPARAMS.
  std::size_t min_params;
  /// Whether the client must have introduced itself first.
  bool needs_registration;
  void (*run)(context& on, const irc::message& line);
};

/// The command of this name in upper case, or nullptr.
const command* find_command(std::string_view name) noexcept;

/// Deals with a line of a client.
void execute(context& on, std::string_view line);

} // namespace chat
