#include <registry/internal/deferral.hpp>
#include <registry/scope/replication.hpp>

#include <spdlog/spdlog.h>

#include <utility>

namespace registry {

replication::replication(replication_options options, const std::string& scope_name, store& content, short_lock& write_lock,
                         origin_flags& flags)
    : way_out_(std::move(options.way_out)),
      scope_name_(scope_name),
      content_(content),
      write_lock_(write_lock),
      flags_(flags),
      replica_(options.self, scope_name, content.mode(), options.epoch, *this, options.limits) {}

void replication::peer_up(const incarnation& peer, handle_state handles) {
  replica_.peer_up(peer, handles);
  refresh_flags();
}

void replication::peer_suspect(const incarnation& peer) {
  replica_.peer_suspect(peer);
  refresh_flags();
}

void replication::peer_down(const incarnation& peer, reason why) {
  replica_.peer_down(peer, why);
  refresh_flags();
}

void replication::close() {
  replica_.close();
  send();
}

void replication::send() {
  replica_.send([this](const incarnation& to, frame&& what) { way_out_->send(to, std::move(what)); });
}

void replication::refresh_flags() {
  for (const auto origin : origins_)
    flags_.set(origin, replica_.reachable(origin));
}

void replication::keep(garbage freed) {
  if (!freed.empty())
    internal::deferral::keep(std::move(freed));
}

// -- the content ----------------------------------------------------------------------------------------------------------

store::cut replication::cut() {
  const std::lock_guard guard(write_lock_);
  return content_.snapshot();
}

result<void> replication::apply(std::uint32_t origin, std::span<const remote_change> changes) {
  constexpr std::size_t entries_of_step = 512;
  do {
    std::size_t count = 0;
    std::size_t entries = 0;
    while (count < changes.size() && entries < entries_of_step)
      entries += changes[count++].entries.size() + 1;
    const std::lock_guard guard(write_lock_);
    auto outcome = content_.apply(origin, changes.first(count));
    keep(content_.collect());
    if (!outcome)
      return outcome;
    changes = changes.subspan(count);
  } while (!changes.empty());
  return success();
}

void replication::install(std::uint32_t origin, std::span<const remote_group> content, const content_digest& digest) {
  // Whoever sends a snapshot is linked. Before the entries can be seen, so that they are never taken for unreachable.
  if (origins_.insert(origin).second)
    flags_.set(origin, true);
  // Only this thread changes what is held of the origin.
  const auto installing = content_.begin_install(origin, content, digest);
  for (bool more = true; more;) {
    const std::lock_guard guard(write_lock_);
    more = content_.step(*installing);
    keep(content_.collect());
  }
}

void replication::purge(std::uint32_t origin, reason why) {
  origins_.erase(origin);
  auto leaving = content_.begin_purge(origin, why);
  while (content_.prepare(*leaving)) {
    const std::lock_guard guard(write_lock_);
    content_.step(*leaving);
    keep(content_.collect());
  }
  internal::deferral::keep(std::move(leaving));
}

content_digest replication::digest(std::uint32_t origin) {
  const std::lock_guard guard(write_lock_);
  return content_.digest_of(origin);
}

void replication::warn(const incarnation& peer, std::string_view text) {
  spdlog::warn("scope '{}', peer {}: {}", scope_name_, to_string(peer), text);
}

} // namespace registry
