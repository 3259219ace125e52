#pragma once

#include <registry/replica/replica.hpp>
#include <registry/scope/origin_flags.hpp>
#include <registry/scope/outlet.hpp>
#include <registry/scope/short_lock.hpp>

#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace registry {

/// What makes an open scope part of a cluster.
struct replication_options {
  incarnation self;
  /// Greater than that of any scope this process has opened before.
  std::uint64_t epoch = 0;
  std::shared_ptr<outlet> way_out;
  replica_options limits;
};

/// The replica of a scope, and its way to the scope's content. Used under the scope's drain lock only; takes its writer's lock
/// for each step, so that readers and local writers never wait for a whole snapshot to be received.
class replication final : private replica_host {
public:
  /// The lock protects the content.
  replication(replication_options options, const std::string& scope_name, store& content, short_lock& write_lock,
              origin_flags& flags);

  void committed(const commit_log::batch& what) { replica_.committed(what); }
  void peer_up(const incarnation& peer, handle_state handles);
  void peer_suspect(const incarnation& peer);
  void peer_down(const incarnation& peer, reason why);
  result<void> receive(const incarnation& peer, replica::incoming&& content) {
    return replica_.receive(peer, std::move(content));
  }
  void tick(std::chrono::nanoseconds now) { replica_.tick(now); }
  /// Says goodbye.
  void close();

  /// Asks the peers to acknowledge at once.
  void request_acknowledgements() { replica_.request_acknowledgements(); }

  /// Sends all that can be sent now.
  void send();

  [[nodiscard]] const replica& state() const noexcept { return replica_; }

private:
  store::cut cut() override;
  result<void> apply(std::uint32_t origin, std::span<const remote_change> changes) override;
  void install(std::uint32_t origin, std::span<const remote_group> content, const content_digest& digest) override;
  void purge(std::uint32_t origin, reason why) override;
  content_digest digest(std::uint32_t origin) override;
  void warn(const incarnation& peer, std::string_view text) override;

  void refresh_flags();
  static void keep(garbage freed);

  const std::shared_ptr<outlet> way_out_;
  const std::string scope_name_;
  store& content_;
  short_lock& write_lock_;
  origin_flags& flags_;
  std::set<std::uint32_t> origins_;
  replica replica_;
};

} // namespace registry
