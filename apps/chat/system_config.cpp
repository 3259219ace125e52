#include <chat/session/roster.hpp>
#include <chat/system_config.hpp>

#include <caf/config_option_adder.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <string_view>
#include <utility>
#include <vector>

namespace chat {

namespace {

constexpr std::array<std::string_view, 6> log_levels{"trace", "debug", "info", "warn", "error", "off"};
constexpr std::chrono::milliseconds shortest_tick{100};

registry::error wrong(std::string_view option, std::string_view what) {
  return {registry::errc::invalid_argument, "chat option '" + std::string{option} + "' " + std::string{what}};
}

registry::result<std::vector<std::string>> lines_of(const std::string& file) {
  std::ifstream in{file};
  if (!in || std::filesystem::is_directory(file))
    return wrong("motd", "names a file that cannot be read: '" + file + "'");
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);)
    lines.push_back(line);
  return lines;
}

template <class View>
std::string_view text(const View& x) {
  return {x.data(), x.size()};
}

/// The name stands in every line, before a space.
bool is_server_name(std::string_view name) {
  return !name.empty() && name.size() <= 63 && name.front() != ':' &&
         std::ranges::all_of(name, [](char c) { return c > ' ' && c < '\x7f'; });
}

} // namespace

system_config::system_config() : tick_(options_.tick) {
  opt_group{custom_options_, "chat"}
      .add(options_.listen.hosts, "hosts", "addresses or host names to listen on for clients")
      .add(options_.listen.port, "port", "port to listen on for clients; 0 lets the system choose")
      .add(options_.info.name, "name", "name of this server, with a dot in it; each server of a network has its own")
      .add(options_.info.network, "network", "name of the network")
      .add(motd_file_, "motd", "file with the message of the day")
      .add(options_.listen.max_connections, "max-clients", "how many clients may be connected")
      .add(options_.info.max_channels, "max-channels", "how many channels one client may be in")
      .add(options_.listen.limits.send_queue, "send-queue", "how many bytes may wait for a client that does not read")
      .add(tick_, "tick", "time after which a silent client is asked whether it is there")
      .add(log_, "log", "how much to log: trace, debug, info, warn, error or off");
}

std::string system_config::help() const {
  return describe_options({"chat", "registry"});
}

registry::result<server_options> system_config::server() const {
  auto out = options_;
  out.tick = std::chrono::duration_cast<std::chrono::milliseconds>(tick_);
  if (!is_server_name(out.info.name))
    return wrong("name", "must be 1 to 63 visible ASCII characters and not begin with a colon");
  if (out.info.max_channels < 1 || out.info.max_channels > roster::max_channels)
    return wrong("max-channels", "must be from 1 to " + std::to_string(roster::max_channels));
  if (out.tick < shortest_tick)
    return wrong("tick", "must be at least 100ms");
  if (!motd_file_.empty()) {
    auto lines = lines_of(motd_file_);
    if (!lines)
      return lines.error();
    out.info.motd = std::move(lines).value();
  }
  return out;
}

registry::result<std::string> system_config::log_level() const {
  if (std::ranges::find(log_levels, log_) == log_levels.end())
    return wrong("log", "must be trace, debug, info, warn, error or off, not '" + log_ + "'");
  return log_;
}

} // namespace chat
