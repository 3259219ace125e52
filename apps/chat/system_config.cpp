#include <chat/session/roster.hpp>
#include <chat/system_config.hpp>

#include <support/log_level.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace chat {

namespace {

constexpr std::chrono::milliseconds shortest_tick{100};

std::optional<std::vector<std::string>> lines_of(const std::string& file) {
  std::ifstream in{file};
  if (!in || std::filesystem::is_directory(file))
    return std::nullopt;
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);)
    lines.push_back(line);
  return lines;
}

/// The name stands in every line, before a space; without a dot clients take it for a nickname.
bool is_server_name(std::string_view name) {
  return !name.empty() && name.size() <= 63 && name.front() != ':' && name.find('.') != std::string_view::npos &&
         std::ranges::all_of(name, [](char c) { return c > ' ' && c < '\x7f'; });
}

} // namespace

system_config::system_config() : tick_(options_.tick) {
  option_group{*this, "chat"}
      .add(options_.listen.hosts, "hosts", "addresses or host names to listen on for clients")
      .add(options_.listen.port, "port", "port to listen on for clients; 0 is any free port")
      .add(options_.info.name, "name", "name of this server, with a dot in it; each server of a network has its own")
      .add(options_.info.network, "network", "name of the network")
      .add(motd_file_, "motd", "file with the message of the day")
      .add(options_.listen.max_connections, "max-clients", "greatest number of connected clients")
      .add(options_.info.max_channels, "max-channels", "greatest number of channels of one client, from 1 to 32")
      .add(options_.listen.limits.send_queue, "send-queue", "bytes that may wait for a client that does not read")
      .add(tick_, "tick", "silence after which a client is asked whether it is there, at least 100ms")
      .add(log_, "log", "least severe messages to log: trace, debug, info, warn, error or off");
}

registry::result<server_options> system_config::server() const {
  auto out = options_;
  out.tick = std::chrono::duration_cast<std::chrono::milliseconds>(tick_);
  if (!is_server_name(out.info.name))
    return wrong_option("chat.name",
                        "must be at most 63 visible ASCII characters with a dot among them, and not begin with a colon");
  if (out.info.max_channels < 1 || out.info.max_channels > roster::max_channels)
    return wrong_option("chat.max-channels", "must be from 1 to " + std::to_string(roster::max_channels));
  if (out.tick < shortest_tick)
    return wrong_option("chat.tick", "must be at least 100ms");
  if (!motd_file_.empty()) {
    auto lines = lines_of(motd_file_);
    if (!lines)
      return wrong_option("chat.motd", "names a file that cannot be read: '" + motd_file_ + "'");
    out.info.motd = std::move(*lines);
  }
  return out;
}

registry::result<spdlog::level::level_enum> system_config::log_level() const {
  if (const auto level = support::parse_log_level(log_))
    return *level;
  return wrong_option("chat.log", support::not_a_log_level(log_));
}

} // namespace chat
