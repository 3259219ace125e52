#include <simulation/observer.hpp>
#include <simulation/scope_content.hpp>
#include <support/stepwise.hpp>

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

namespace registry::simulation {

store::cut scope_content::cut() {
  auto now = content.snapshot();
  if (all_.fault != mutant::early_snapshot)
    return now;
  const auto before = std::exchange(last_cut_, now);
  return {before ? before->entries : table_snapshot{}, now.commit};
}

result<void> scope_content::apply(std::uint32_t origin, std::span<const remote_change> changes) {
  const bool seldom = (all_.fault == mutant::lost_delta || all_.fault == mutant::blind_digest) && all_.random.below(16) == 0;
  if (seldom)
    return success();
  if (all_.fault == mutant::lost_leave || all_.fault == mutant::lost_update) {
    const auto ignored = all_.fault == mutant::lost_leave ? verb::leave : verb::update;
    std::vector<remote_change> rest;
    std::copy_if(changes.begin(), changes.end(), std::back_inserter(rest), [&](auto& x) { return x.what != ignored; });
    return content.apply(origin, rest);
  }
  auto done = content.apply(origin, changes);
  if (all_.fault == mutant::double_apply)
    static_cast<void>(content.apply(origin, changes));
  return done;
}

std::unique_ptr<bulk_work> scope_content::install(std::uint32_t origin, std::vector<remote_group> groups,
                                                  const content_digest& digest) {
  if (all_.fault == mutant::rebuild)
    content.purge(origin, reason::resync);
  if (all_.fault == mutant::half_snapshot)
    groups.resize(groups.size() / 2);
  return std::make_unique<testing::stepwise<store::installation>>(
      content, content.begin_install(origin, std::move(groups), digest), all_.fault == mutant::unfinished_install);
}

std::unique_ptr<bulk_work> scope_content::purge(std::uint32_t origin, reason why) {
  const auto purged = all_.fault == mutant::keep_dead ? 0 : all_.fault == mutant::wrong_origin ? origin + 1 : origin;
  return std::make_unique<testing::stepwise<store::eviction>>(content, content.begin_purge(purged, why),
                                                              all_.fault == mutant::unfinished_purge);
}

content_digest scope_content::digest(std::uint32_t origin) {
  return content.digest_of(origin);
}

void scope_content::warn(const incarnation&, std::string_view text) {
  throw violation("a replica warns: " + std::string{text});
}

} // namespace registry::simulation
