#pragma once

#include <registry/membership/internal/link.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <vector>

namespace registry::inline v0_2 {

/// The wait between attempts.
struct backoff_options {
  std::chrono::nanoseconds first = std::chrono::milliseconds{250};
  std::chrono::nanoseconds longest = std::chrono::seconds{15};
};

/// Whose address is dialled: that of a seed or of a node that was linked before, or one that another node has named.
enum class dial_rank : std::uint8_t { proven, hearsay };

/// When to dial which address: one dial at a time to each, and a longer wait after every failure (exponential, with jitter
/// derived from a seed). Deterministic, without a clock. Not thread-safe.
class dial_plan {
public:
  dial_plan(backoff_options options, std::uint64_t seed) : options_(options), random_(seed) {}

  /// Since when a dial is possible: nothing if one is in progress or must wait after a failure.
  [[nodiscard]] std::optional<instant> due(const node_address& where, instant now) const;
  /// Begins a dial, which must be due. Returns its number.
  std::uint64_t begin(const node_address& where, dial_rank rank, instant now);
  /// The dial with this number became a link to `who`; a later failure starts over from the shortest wait. Returns the
  /// dialled address, if it is known.
  std::optional<node_address> answered(std::uint64_t number, const incarnation& who, instant now);
  /// The dial failed. Returns whether this is the first failure of its kind since the last success, which deserves a
  /// warning.
  bool failed(const node_address& where, dial_failure why, instant now);
  /// A dial was answered by this node, or by one that is linked already.
  void note_answer(const node_address& where, const incarnation& who);
  /// Where the dial with this number goes.
  [[nodiscard]] std::optional<node_address> target_of(std::uint64_t number) const;
  /// A link that came from this address broke: the next dial may be at once, or after a wait if the link was short-lived.
  void broken(const node_address& where, bool short_lived, instant now);

  /// Forgets all addresses but these, which are sorted, and those that are being dialled.
  void forget_others(const std::vector<node_address>& kept);
  /// The number of addresses that it knows.
  [[nodiscard]] std::size_t size() const noexcept { return targets_.size(); }

  /// The start of the dial in progress.
  [[nodiscard]] std::optional<instant> under_way_since(const node_address& where) const;
  /// The number of dials in progress.
  [[nodiscard]] std::size_t under_way(dial_rank rank) const noexcept { return counts_[static_cast<std::size_t>(rank)]; }
  /// When an address that needs no haste may be dialled again: about `interval` after the end of the last dial. Nodes that keep in step
  /// would meet the same nodes behind a balancer for ever.
  [[nodiscard]] instant leisurely_after(const node_address& where, std::chrono::nanoseconds interval) const;
  /// Whether it seems that a linked node answers there: dials ended so twice in a row, and not by chance because two dials crossed.
  [[nodiscard]] bool seems_linked(const node_address& where) const;
  /// The node that answered there last; zero if none.
  [[nodiscard]] incarnation answered_by(const node_address& where) const;

private:
  struct target {
    std::uint64_t number = 0; // of the dial in progress, or 0
    dial_rank rank = dial_rank::proven;
    instant begun{};
    instant ended{};
    std::uint64_t jitter = 0; // of the wait after that
    unsigned failures = 0;
    unsigned duplicates = 0; // in a row: refusals because there is a link already
    instant not_before{};
    incarnation answered_by;
    std::set<dial_failure> warned;
  };
  using targets = std::map<node_address, target>;
  void end(target& x, instant now);
  void postpone(target& x, instant now);

  backoff_options options_;
  std::uint64_t random_;
  std::uint64_t last_number_ = 0;
  targets targets_;
  std::array<std::size_t, 2> counts_{};
};

} // namespace registry::inline v0_2
