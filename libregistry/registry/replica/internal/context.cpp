#include <registry/internal/deferral.hpp>
#include <registry/replica/internal/context.hpp>

#include <algorithm>
#include <utility>

namespace registry::inline v0_2::internal {

snapshot_source replica_context::cut() {
  auto [entries, commit] = host.cut();
  latest_cut = std::max(latest_cut, commit);
  // Its digest lacks only the commits since the journal was written.
  const auto digest = commit == changes.commit() ? changes.digest() : digest_of_local(entries);
  return {commit, std::move(entries), digest};
}

bool replica_context::begin(std::unique_ptr<bulk_work> work, std::size_t entries, const inbound* whose) {
  if (works.empty() && entries <= options.immediate_entries) {
    while (work->step()) {
    }
    deferral::keep(std::move(work));
    return true;
  }
  works.push_back({std::move(work), whose});
  return false;
}

void replica_context::drop_work_of(const inbound& whose) {
  for (auto x = works.begin(); x != works.end();) {
    if (x->whose == &whose) {
      deferral::keep(std::move(x->work));
      x = works.erase(x);
    } else {
      ++x;
    }
  }
}

} // namespace registry::inline v0_2::internal
