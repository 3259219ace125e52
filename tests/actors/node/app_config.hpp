#pragma once

#include <registry/node/clustered_system_config.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace registry::testing {

/// An application's configuration, with an option of each kind.
struct app_config : clustered_system_config {
  app_config() {
    option_group{*this, "app"}
        .add(port, "port", "port to listen on")
        .add(limit, "limit", "bytes")
        .add(tick, "tick", "time between two looks")
        .add(name, "name", "name of the application")
        .add(hosts, "hosts", "addresses")
        .add(quiet, "quiet", "say less");
    opt_group{custom_options_, "mine"}.add(other, "other", "an option in CAF's own way");
  }

  std::uint16_t port = 80;
  std::size_t limit = 1'000;
  caf::timespan tick = std::chrono::milliseconds{1'500};
  std::string name;
  std::vector<std::string> hosts{"a", "b"};
  bool quiet = false;
  std::string other;
};

} // namespace registry::testing
