#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace registry::simulation {

/// A deliberate fault that the checks of the simulator must find.
enum class mutant : std::uint8_t {
  none,
  half_snapshot,        ///< installs the first half of a snapshot only
  rebuild,              ///< installs a snapshot by removing everything first, instead of as a difference
  double_apply,         ///< makes every change twice
  lost_delta,           ///< now and then reports changes as made that were not
  lost_leave,           ///< ignores that entries leave
  lost_update,          ///< ignores updates
  keep_dead,            ///< keeps the entries of a peer that is down
  wrong_origin,         ///< removes the entries of another peer than the one that is down
  blind_digest,         ///< deltas get lost, and digests are not compared
  deaf_link,            ///< a new link to a suspect is not reported
  same_epoch,           ///< a scope that is opened again keeps its epoch
  untold,               ///< now and then hides its own commits from the replica
  silent_loss,          ///< frames get lost inside of a link, and no digest is compared
  mixed_up_peers,       ///< takes the frames of one peer for those of another
  early_snapshot,       ///< takes the cut for a snapshot before the last commits
  no_acknowledgement,   ///< no received frame is acknowledged
  any_token,            ///< takes content that an earlier link asked for as the answer to the last request
  unfinished_install,   ///< installs the first part of a snapshot, and takes it for all
  unfinished_purge,     ///< removes the first part of what a lost node had
  no_gap_check,         ///< takes any delta for the next one; frames get lost inside of a link, and no digest is compared
  no_clock,             ///< the replica never hears of the time, and frames get lost inside of a link
  chunk_twice,          ///< a part of a snapshot arrives twice now and then, which no connection does
  stale_handles,        ///< handles of a connection that is gone are kept
  unchecked_bytes,      ///< bytes that changed under way are not noticed
  silent_lines,         ///< only whole heartbeats count as signs of life, and not the bytes of something large
  restarting_suspicion, ///< a peer that is heard of again is asked for everything again
  window_per_answer,    ///< what is under way of the answer before does not count when a request is answered again
  no_dial_budget,       ///< dials whatever is to be dialled at once
  seed_once,            ///< a seed behind which another node has answered is never asked again
  own_address_memory,   ///< an address where this node has once met itself is never dialled again
  stubborn_dial,        ///< refuses the dial of a node for as long as one to it is under way
  stale_names,          ///< a name is looked up once
  deaf_to_claims,       ///< does not listen when others say who has its address
  never_forgets,        ///< remembers the nodes that are gone
};

struct named_mutant {
  mutant what;
  std::string_view name;
};

/// All but `none`.
std::span<const named_mutant> all_mutants();
std::optional<mutant> find_mutant(std::string_view name);

} // namespace registry::simulation
