#include <simulation/mutant.hpp>

#include <algorithm>

namespace registry::simulation {

namespace {

constexpr named_mutant table[] = {
    {mutant::half_snapshot, "half_snapshot"},
    {mutant::rebuild, "rebuild"},
    {mutant::double_apply, "double_apply"},
    {mutant::lost_delta, "lost_delta"},
    {mutant::lost_leave, "lost_leave"},
    {mutant::lost_update, "lost_update"},
    {mutant::keep_dead, "keep_dead"},
    {mutant::wrong_origin, "wrong_origin"},
    {mutant::blind_digest, "blind_digest"},
    {mutant::deaf_link, "deaf_link"},
    {mutant::same_epoch, "same_epoch"},
    {mutant::untold, "untold"},
    {mutant::silent_loss, "silent_loss"},
    {mutant::mixed_up_peers, "mixed_up_peers"},
    {mutant::early_snapshot, "early_snapshot"},
    {mutant::no_clock, "no_clock"},
    {mutant::no_acknowledgement, "no_acknowledgement"},
    {mutant::any_token, "any_token"},
    {mutant::no_gap_check, "no_gap_check"},
    {mutant::unfinished_install, "unfinished_install"},
    {mutant::unfinished_purge, "unfinished_purge"},
    {mutant::chunk_twice, "chunk_twice"},
    {mutant::stale_handles, "stale_handles"},
    {mutant::unchecked_bytes, "unchecked_bytes"},
    {mutant::silent_lines, "silent_lines"},
    {mutant::restarting_suspicion, "restarting_suspicion"},
    {mutant::window_per_answer, "window_per_answer"},
    {mutant::no_dial_budget, "no_dial_budget"},
    {mutant::seed_once, "seed_once"},
    {mutant::own_address_memory, "own_address_memory"},
    {mutant::stubborn_dial, "stubborn_dial"},
    {mutant::stale_names, "stale_names"},
    {mutant::deaf_to_claims, "deaf_to_claims"},
    {mutant::never_forgets, "never_forgets"},
};

} // namespace

std::span<const named_mutant> all_mutants() {
  return table;
}

std::optional<mutant> find_mutant(std::string_view name) {
  const auto* found =
      std::find_if(std::begin(table), std::end(table), [&](const named_mutant& x) { return x.name == name; });
  return found == std::end(table) ? std::nullopt : std::optional{found->what};
}

} // namespace registry::simulation
