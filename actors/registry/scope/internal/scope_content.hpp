#pragma once

#include <registry/log/internal/log_limit.hpp>
#include <registry/replica/internal/host.hpp>
#include <registry/scope/internal/origin_flags.hpp>
#include <registry/scope/internal/peer_sender.hpp>
#include <registry/scope/internal/short_lock.hpp>
#include <registry/store/store.hpp>

#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace registry::inline v0_2 {

class replica;

/// The content of a scope: the store, its writer lock, and whether the owner of each origin is reachable. It is the host of
/// the scope's replica, for which it takes the lock step by step, so that readers and local writers never wait for a whole
/// snapshot to be received.
class scope_content final : public replica_host {
public:
  /// `peers` says what they are called; null for a scope without any.
  scope_content(std::string scope_name, store_options options, std::shared_ptr<const peer_sender> peers);

  /// The writer lock.
  [[nodiscard]] short_lock& lock() noexcept { return lock_; }
  /// Under the writer lock; its `entries` on any thread.
  [[nodiscard]] store& data() noexcept { return store_; }
  [[nodiscard]] const store& data() const noexcept { return store_; }

  /// Whether the owner of an origin is reachable. Any thread, wait-free.
  [[nodiscard]] bool reachable(std::uint32_t origin) const noexcept { return reachable_.get(origin); }
  /// Updates reachability from the replica. Under the scope's drain lock, as all functions below.
  void refresh_reachable(const replica& of);

  store::cut cut() override;
  result<void> apply(std::uint32_t origin, std::span<const remote_change> changes) override;
  std::unique_ptr<bulk_work> install(std::uint32_t origin, std::vector<remote_group> content,
                                     const content_digest& digest) override;
  std::unique_ptr<bulk_work> purge(std::uint32_t origin, reason why) override;
  content_digest digest(std::uint32_t origin) override;
  void warn(const incarnation& peer, std::string_view text) override;
  void note(const incarnation& peer, std::string_view text) override;

private:
  template <class Work>
  class stepwise;
  class eviction;
  [[nodiscard]] std::string line_about(const incarnation& peer, std::string_view text) const;

  const std::string scope_name_;
  const std::shared_ptr<const peer_sender> peers_;
  internal::log_limit notes_;
  short_lock lock_;
  store store_;
  origin_flags reachable_;
  std::set<std::uint32_t> origins_;
};

} // namespace registry::inline v0_2
