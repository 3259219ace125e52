#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace registry::simulation {

/// A deliberate fault that the checks of the simulator must find.
enum class mutant : std::uint8_t {
  none,
  half_snapshot,      ///< installs the first half of a snapshot only
  rebuild,            ///< installs a snapshot by removing everything first, instead of as a difference
  double_apply,       ///< makes every change twice
  lost_delta,         ///< now and then reports changes as made that were not
  lost_leave,         ///< ignores that entries leave
  lost_update,        ///< ignores updates
  keep_dead,          ///< keeps the entries of a peer that is down
  wrong_origin,       ///< removes the entries of another peer than the one that is down
  blind_digest,       ///< deltas get lost, and digests are not compared
  deaf_link,          ///< a new link to a suspect is not reported
  same_epoch,         ///< a scope that is opened again keeps its epoch
  untold,             ///< now and then hides its own commits from the replica
  silent_loss,        ///< frames get lost inside of a link, and no digest is compared
  mixed_up_peers,     ///< takes the frames of one peer for those of another
  early_snapshot,     ///< takes the cut for a snapshot before the last commits
  no_acknowledgement, ///< no received frame is acknowledged
  any_token,          ///< takes content that an earlier link asked for as the answer to the last request
  unfinished_install, ///< installs the first part of a snapshot, and takes it for all
  unfinished_purge,   ///< removes the first part of what a lost node had
  no_gap_check,       ///< takes any delta for the next one; frames get lost inside of a link, and no digest is compared
  no_clock,           ///< the replica never hears of the time, and frames get lost inside of a link
};

struct named_mutant {
  mutant what;
  std::string_view name;
};

/// All but `none`.
std::span<const named_mutant> all_mutants();
std::optional<mutant> find_mutant(std::string_view name);

} // namespace registry::simulation
