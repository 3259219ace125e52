#include <registry/node/cluster_options.hpp>
#include <registry/time/deadline.hpp>

#include <string_view>

namespace registry::inline v0_2 {

namespace {

error wrong(std::string_view option, std::string_view what) {
  return {errc::invalid_argument, "cluster option '" + std::string{option} + "' " + std::string{what}};
}

result<void> check_address(std::string_view option, const std::string& text) {
  if (auto read = parse_address(text); !read)
    return wrong(option, "must be \"host:port\": " + std::string{read.error().message()});
  return success();
}

} // namespace

result<void> cluster_options::validate() const {
  if (!is_clustered()) {
    if (!seeds.empty() || !advertise.empty())
      return wrong("listen", "is missing: a node that has seeds or an advertised address must listen, too");
    return success();
  }
  if (name.empty() || name.size() > 255)
    return wrong("name", "must have 1 to 255 bytes");
  if (auto checked = check_address("listen", listen); !checked)
    return checked;
  if (auto checked = advertise.empty() ? success() : check_address("advertise", advertise); !checked)
    return checked;
  for (const auto& seed : seeds) {
    if (auto checked = check_address("seeds", seed); !checked)
      return checked;
  }
  if (heartbeat_interval.count() < 1)
    return wrong("heartbeat-interval", "must be at least a millisecond");
  if (saturated(suspect_after) < 2 * saturated(heartbeat_interval))
    return wrong("suspect-after", "must be at least two heartbeat intervals");
  if (down_after < suspect_after)
    return wrong("down-after", "must not be shorter than suspect-after");
  if (handshake_timeout.count() < 1)
    return wrong("handshake-timeout", "must be at least a millisecond");
  return success();
}

} // namespace registry::inline v0_2
