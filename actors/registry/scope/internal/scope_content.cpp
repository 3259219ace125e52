#include <registry/internal/deferral.hpp>
#include <registry/log/internal/log.hpp>
#include <registry/replica/internal/replica.hpp>
#include <registry/scope/internal/scope_content.hpp>

#include <deque>
#include <mutex>
#include <utility>

namespace registry::inline v0_2 {

namespace {

void keep(garbage freed) {
  if (!freed.empty())
    internal::deferral::keep(std::move(freed));
}

} // namespace

scope_content::scope_content(std::string scope_name, store_options options, std::shared_ptr<const peer_sender> peers)
    : scope_name_(std::move(scope_name)), peers_(std::move(peers)), store_(std::move(options)) {}

void scope_content::refresh_reachable(const replica& of) {
  for (const auto origin : origins_)
    reachable_.set(origin, of.reachable(origin));
}

store::cut scope_content::cut() {
  const std::lock_guard guard(lock_);
  return store_.snapshot();
}

result<void> scope_content::apply(std::uint32_t origin, std::span<const remote_change> changes) {
  constexpr std::size_t entries_of_step = 512;
  do {
    std::size_t count = 0;
    std::size_t entries = 0;
    while (count < changes.size() && entries < entries_of_step)
      entries += changes[count++].entries.size() + 1;
    const std::lock_guard guard(lock_);
    auto outcome = store_.apply(origin, changes.first(count));
    keep(store_.collect());
    if (!outcome)
      return outcome;
    changes = changes.subspan(count);
  } while (!changes.empty());
  return success();
}

/// Work of the store. Only the holder of the drain lock changes the entries of other nodes, so that preparation needs no more.
template <class Work>
class scope_content::stepwise : public bulk_work {
public:
  stepwise(scope_content& at, std::shared_ptr<Work> work) : at_(at), work_(std::move(work)) {}

  bool step() override {
    const auto next = at_.store_.prepare(*work_);
    if (next == store::stage::ready) {
      const std::lock_guard guard(at_.lock_);
      at_.store_.step(*work_);
      discard(at_.store_.collect());
    }
    return next != store::stage::complete;
  }

private:
  virtual void discard(garbage freed) { keep(std::move(freed)); }

  scope_content& at_;
  const std::shared_ptr<Work> work_;
};

/// Frees memory once all entries have left, which would take as long as removing them; in steps, too.
class scope_content::eviction final : public stepwise<store::eviction> {
public:
  using stepwise::stepwise;

  bool step() override {
    if (evicting_ && (evicting_ = stepwise::step()))
      return true;
    if (discarded_.empty())
      return false;
    keep(std::move(discarded_.front()));
    discarded_.pop_front();
    return true;
  }

private:
  void discard(garbage freed) override {
    if (!freed.empty())
      discarded_.push_back(std::move(freed));
  }

  bool evicting_ = true;
  std::deque<garbage> discarded_;
};

std::unique_ptr<bulk_work> scope_content::install(std::uint32_t origin, std::vector<remote_group> content,
                                                  const content_digest& digest) {
  // The sender of a snapshot is linked. Set before the entries become visible, so that they never appear unreachable.
  if (origins_.insert(origin).second)
    reachable_.set(origin, true);
  return std::make_unique<stepwise<store::installation>>(*this, store_.begin_install(origin, std::move(content), digest));
}

std::unique_ptr<bulk_work> scope_content::purge(std::uint32_t origin, reason why) {
  origins_.erase(origin);
  return std::make_unique<eviction>(*this, store_.begin_purge(origin, why));
}

content_digest scope_content::digest(std::uint32_t origin) {
  const std::lock_guard guard(lock_);
  return store_.digest_of(origin);
}

void scope_content::warn(const incarnation& peer, std::string_view text) {
  internal::log_warning("{}", line_about(peer, text));
}

void scope_content::note(const incarnation& peer, std::string_view text) {
  const auto line = line_about(peer, text);
  if (const auto more = notes_.admit(line))
    internal::log_warning("{}{}", line, *more);
}

std::string scope_content::line_about(const incarnation& peer, std::string_view text) const {
  auto out = "scope '" + scope_name_ + "', node " + (peers_ != nullptr ? peers_->describe(peer) : to_string(peer));
  return out.append(": ").append(text);
}

} // namespace registry::inline v0_2
