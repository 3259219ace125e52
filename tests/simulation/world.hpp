#pragma once

#include <registry/replica/options.hpp>
#include <registry/store/store.hpp>
#include <simulation/conditions.hpp>
#include <simulation/event_queue.hpp>
#include <simulation/history.hpp>
#include <simulation/mutant.hpp>
#include <simulation/random.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace registry::simulation {

/// The state that all nodes of a run share.
struct world {
  event_queue time;
  random_source random;
  history known;
  mutant fault = mutant::none;
  conditions around;
  /// Whether the disturbances are over, and since when.
  bool healed = false;
  instant healed_at{};
  std::vector<std::string> scopes;
  std::vector<key_mode> modes;
  replica_options replication;
  /// How often a node that has bulk work left does a step of it, when anything happens there.
  unsigned work_percent = 100;
  step_size steps = store_options{}.steps;
  std::size_t keys = 4;
  std::uint64_t last_actor = 0;
  std::int64_t last_value = 0;
  bool trace = false;

  explicit world(std::uint64_t seed) : random(seed) {}
  void set_scopes(std::vector<std::string> names, std::vector<key_mode> modes_of_names) {
    scopes = std::move(names);
    modes = std::move(modes_of_names);
  }
  /// The next value: a number, or a list of one and, if it is to be large, of text.
  value next_value();
};

} // namespace registry::simulation
