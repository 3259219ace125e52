#pragma once

#include <registry/error/error.hpp>
#include <registry/store/key_mode.hpp>
#include <registry/value/value.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace registry {

/// How to open a scope.
struct scope_options {
  /// Names the scope; scopes of the same name on connected nodes are one registry. Not empty.
  std::string name;
  key_mode mode = key_mode::duplicate;
  /// Names of local actors (see `node::name_actor`) that get `registered` and `unregistered` messages.
  std::vector<std::string> listeners;
  /// How many changes may wait for a subscriber that does not read before it is made to start over (`event_batch::lagged`); their
  /// new values may take 128 MiB, whatever their number.
  std::size_t subscription_limit = 100'000;
  /// How many changes may wait to be distributed before writers help.
  std::size_t log_capacity = 65'536;
  /// At least 1. Accepted so that options of Elixir's `Registry` carry over; one table serves any number of writers' threads.
  std::size_t partitions = 1;

  /// Checks the options; the message names the one that is wrong.
  [[nodiscard]] result<void> validate() const;

  /// From a map, for example out of a configuration file: `{"name": "rooms", "mode": "unique", "listeners": ["audit"]}`.
  /// Unknown and ill-typed options are refused.
  static result<scope_options> from_value(const value& options);
};

} // namespace registry
