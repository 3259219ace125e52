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

/// Ends a client's stay: the others see it quit with this farewell, its nickname is free, its connection ends.
void depart(context& on, std::string_view farewell);

/// Ends the stay of a client whose nickname belongs to somebody else.
void collide(context& on, const registry::entry& holder);

} // namespace chat
