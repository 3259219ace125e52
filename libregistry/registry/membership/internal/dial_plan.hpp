#pragma once

#include <registry/membership/internal/link.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <vector>

namespace registry {

/// The wait between attempts.
struct backoff_options {
  std::chrono::nanoseconds first = std::chrono::milliseconds{250};
  std::chrono::nanoseconds longest = std::chrono::seconds{15};
};

/// When to dial which address: one dial at a time to each, and a longer wait after every failure (exponential, with jitter
/// derived from a seed). Deterministic, without a clock. Not thread-safe.
class dial_plan {
public:
  dial_plan(backoff_options options, std::uint64_t seed) : options_(options), random_(seed) {}

  /// Notes that a dial is due unless one is in progress or must wait after a failure. Returns its number, or nothing.
  std::optional<std::uint64_t> begin(const node_address& where, instant now);
  /// The dial with this number became a link to `who`; a later failure starts over from the shortest wait. Returns the
  /// dialled address, if it is known.
  std::optional<node_address> answered(std::uint64_t number, const incarnation& who);
  /// The dial failed. Returns whether this is the first failure of its kind since the last success, which deserves a
  /// warning.
  bool failed(const node_address& where, dial_failure why, instant now);
  /// A link that came from this address broke: the next dial may be at once, or after a wait if the link was short-lived.
  void broken(const node_address& where, bool short_lived, instant now);

  [[nodiscard]] bool under_way(const node_address& where) const;
  /// Whether this node itself answered there.
  [[nodiscard]] bool is_self(const node_address& where) const;
  /// The node that answered there last; zero if none.
  [[nodiscard]] incarnation answered_by(const node_address& where) const;
  /// Forgets an address.
  void forget(const node_address& where) { targets_.erase(where); }

private:
  struct target {
    std::uint64_t number = 0; // of the dial in progress, or 0
    bool self = false;
    unsigned failures = 0;
    instant not_before{};
    incarnation answered_by;
    std::set<dial_failure> warned;
  };
  void postpone(target& x, instant now);

  backoff_options options_;
  std::uint64_t random_;
  std::uint64_t last_number_ = 0;
  std::map<node_address, target> targets_;
};

} // namespace registry
