#pragma once

#include <registry/entry/entry.hpp>
#include <registry/scope/dispatch.hpp>

#include <cstdint>
#include <string_view>
#include <vector>

namespace dispatch {

using strategy = registry::dispatch_strategy::kind;

/// `round_robin`, `random`, `least`, `rendezvous` or `local_first`; `invalid_argument` for anything else.
registry::result<strategy> parse_strategy(std::string_view name);

/// A worker that may be chosen.
struct candidate {
  const registry::entry* worker = nullptr;
  /// The number of its jobs for each that it can do at a time.
  double occupation = 0;
  /// Whether it has room for one more.
  bool has_room = true;
};

/// The worker for a job, by a strategy of the registry; null if there is none now. Only those with room are chosen from, but for
/// `rendezvous`, which keeps to its choice whatever that has to do. `turn` is the running number for `round_robin`.
const registry::entry* choose(const std::vector<candidate>& candidates, strategy how, const registry::value& key,
                              std::uint32_t turn);

} // namespace dispatch
