#pragma once

#include <registry/error/error.hpp>
#include <registry/store/key_mode.hpp>
#include <registry/value/value.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace registry::inline v0_2 {

/// The options of a scope.
struct scope_options {
  /// The name; scopes of the same name on connected nodes are one registry. Not empty.
  std::string name;
  /// Whether a key has one holder per node, or any number of members. The same on all nodes.
  key_mode mode = key_mode::duplicate;
  /// Names of local actors (see `node::name_actor`) that get `registered` and `unregistered` messages.
  std::vector<std::string> listeners;
  /// The number of changes that may wait for a subscriber that does not read before it has to start over
  /// (`event_batch::lagged`). Their new values may take 128 MiB, whatever their number.
  std::size_t subscription_limit = 100'000;
  /// The number of changes that may wait for distribution before writers help with it.
  std::size_t log_capacity = 65'536;
  /// At least 1, and without effect: one table serves any number of threads. Options of Elixir's `Registry` have it.
  std::size_t partitions = 1;

  /// Checks the options. Errors: `invalid_argument` with the name of the offending one.
  [[nodiscard]] result<void> validate() const;

  /// The options of a map, for example from a configuration file:
  /// `{"name": "rooms", "mode": "unique", "listeners": ["audit"]}`. Errors: `invalid_argument` for an unknown, ill-typed or
  /// invalid option.
  static result<scope_options> from_value(const value& options);
};

} // namespace registry::inline v0_2
