#pragma once

#include <chat/session/roster.hpp>

#include <string>
#include <string_view>

namespace chat {

/// The farewell of a user whose nickname belongs to another one.
inline constexpr std::string_view nick_collision = "Nick collision";

/// The line that tells a client of a sighting. `channel` is the name of the channel it happened in, `server` that of the
/// client's server.
std::string narrate(const sighting& what, std::string_view channel, std::string_view server);

} // namespace chat
