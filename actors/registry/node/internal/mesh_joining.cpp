#include <registry/node/internal/mesh.hpp>

#include <utility>

// Decides when a node has joined its cluster.

namespace registry::inline v0_2 {

namespace {

bool is_in_step(scope_state& scope) {
  const auto reached = std::make_shared<std::atomic<bool>>(false);
  const auto number =
      scope.await_milestone(scope_state::milestone::synced, [reached](const result<void>&) { *reached = true; });
  scope.end_milestone(number);
  return *reached;
}

/// What a scope still lacks, if anything.
void describe_lack(const std::vector<peer_status>& of_seeds, scope_state& scope, std::vector<std::string>& problems) {
  const auto what = "the scope '" + scope.options().name + "' is not in sync with it yet";
  const auto before = problems.size();
  for (const auto& peer : of_seeds) {
    if (!scope.in_sync_with(peer.who))
      problems.push_back("seed " + to_string(peer.where) + ": it is linked, but " + what);
  }
  if (problems.size() == before)
    problems.push_back("another node: it is linked, but " + what);
}

error not_joined(const std::vector<std::string>& problems) {
  std::string text;
  for (const auto& one : problems)
    text += (text.empty() ? "the node has not joined its cluster: " : "; ") + one;
  return {errc::timeout, std::move(text)};
}

} // namespace

result<void> mesh::joined() {
  const auto present = peers();
  seed_watch::report seeds;
  {
    const std::lock_guard guard(lock_);
    if (stopped_)
      return error(errc::scope_closed, "the node has been stopped; start a new one to continue");
    seeds = seeds_->judge(present);
  }
  auto problems = std::move(seeds.missing);
  for (const auto& scope : scopes_->all()) {
    if (!is_in_step(*scope))
      describe_lack(seeds.linked, *scope, problems);
  }
  if (problems.empty() && (!seeds.linked.empty() || seeds.silent.empty()))
    return success();
  problems.insert(problems.end(), seeds.silent.begin(), seeds.silent.end());
  return not_joined(problems);
}

std::uint64_t mesh::await_joined(std::function<void(const result<void>&)> done) {
  std::uint64_t number = 0;
  {
    const std::lock_guard guard(joins_lock_);
    number = ++last_join_;
    joins_.emplace(number, std::move(done));
  }
  tell_joined();
  return number;
}

void mesh::end_await_joined(std::uint64_t number) {
  decltype(joins_)::node_type ended; // destroyed after the lock is released
  const std::lock_guard guard(joins_lock_);
  ended = joins_.extract(number);
}

void mesh::tell_joined() {
  {
    const std::lock_guard guard(joins_lock_);
    if (joins_.empty())
      return;
  }
  const auto now = joined();
  if (!now && now.error() == errc::timeout)
    return;
  decltype(joins_) told;
  {
    const std::lock_guard guard(joins_lock_);
    told.swap(joins_);
  }
  for (const auto& [number, done] : told)
    done(now);
}

} // namespace registry::inline v0_2
