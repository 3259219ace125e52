#include <simulation/observer.hpp>
#include <simulation/scope_content.hpp>

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

namespace {

/// Work of a store, or, when it is to be left unfinished, its first step.
template <class Work>
class stepwise final : public bulk_work {
public:
  stepwise(store& at, std::shared_ptr<Work> work, bool unfinished)
      : at_(at), work_(std::move(work)), unfinished_(unfinished) {}

  bool step() override {
    const auto next = at_.prepare(*work_);
    if (next == store::stage::ready)
      at_.step(*work_);
    return next != store::stage::complete && !(unfinished_ && next == store::stage::ready);
  }

private:
  store& at_;
  const std::shared_ptr<Work> work_;
  const bool unfinished_;
};

} // namespace

std::unique_ptr<bulk_work> scope_content::install(std::uint32_t origin, std::vector<remote_group> groups,
                                                  const content_digest& digest) {
  if (all_.fault == mutant::rebuild)
    content.purge(origin, reason::resync);
  if (all_.fault == mutant::half_snapshot)
    groups.resize(groups.size() / 2);
  return std::make_unique<stepwise<store::installation>>(content, content.begin_install(origin, std::move(groups), digest),
                                                         all_.fault == mutant::unfinished_install);
}

std::unique_ptr<bulk_work> scope_content::purge(std::uint32_t origin, reason why) {
  const auto purged = all_.fault == mutant::keep_dead ? 0 : all_.fault == mutant::wrong_origin ? origin + 1 : origin;
  return std::make_unique<stepwise<store::eviction>>(content, content.begin_purge(purged, why),
                                                     all_.fault == mutant::unfinished_purge);
}

content_digest scope_content::digest(std::uint32_t origin) {
  return content.digest_of(origin);
}

void scope_content::warn(const incarnation&, std::string_view text) {
  throw violation("a replica warns: " + std::string{text});
}

} // namespace registry::simulation
