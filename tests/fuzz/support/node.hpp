#pragma once

#include <registry/replica/internal/replica.hpp>
#include <registry/store/store.hpp>

#include <map>
#include <string>
#include <vector>

namespace registry::fuzz {

/// A store with its replica, and what the events say of its content.
class node : public replica_host {
public:
  node(std::uint8_t number, key_mode mode, const replica_options& options);

  [[nodiscard]] const incarnation& name() const noexcept { return name_; }
  /// A member that lives on this node.
  [[nodiscard]] member actor(std::uint64_t id) const;
  [[nodiscard]] store& content() noexcept { return content_; }
  /// Gives the commits to the replica, and follows the events.
  void drain();
  /// The entries of an owner as text, whose identities are the same on each node.
  [[nodiscard]] std::vector<std::string> entries_of(const incarnation& owner) const;
  /// Throws unless entries, events, owners and digests agree.
  void check() const;

  store::cut cut() override { return content_.snapshot(); }
  result<void> apply(std::uint32_t origin, std::span<const remote_change> changes) override {
    return content_.apply(origin, changes);
  }
  void install(std::uint32_t origin, std::span<const remote_group> all, const content_digest& digest) override {
    content_.install(origin, all, digest);
  }
  void purge(std::uint32_t origin, reason why) override { content_.purge(origin, why); }
  content_digest digest(std::uint32_t origin) override { return content_.digest_of(origin); }
  void warn(const incarnation&, std::string_view) override {}

private:
  const std::uint8_t number_;
  const incarnation name_;
  mutable store content_;
  std::map<entry_id, std::string> told_;

public:
  replica logic; // needs the store
};

/// The entry as it is on each node.
[[nodiscard]] std::string describe(std::uint64_t number, const value& key, const member& who, const value& data);

} // namespace registry::fuzz
