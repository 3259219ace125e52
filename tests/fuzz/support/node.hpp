#pragma once

#include <registry/replica/internal/replica.hpp>
#include <registry/store/store.hpp>
#include <support/stepwise.hpp>

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
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
  std::unique_ptr<bulk_work> install(std::uint32_t origin, std::vector<remote_group> all,
                                     const content_digest& digest) override {
    return std::make_unique<testing::stepwise<store::installation>>(content_,
                                                                    content_.begin_install(origin, std::move(all), digest));
  }
  std::unique_ptr<bulk_work> purge(std::uint32_t origin, reason why) override {
    return std::make_unique<testing::stepwise<store::eviction>>(content_, content_.begin_purge(origin, why));
  }
  content_digest digest(std::uint32_t origin) override { return content_.digest_of(origin); }
  void warn(const incarnation&, std::string_view) override {}
  void note(const incarnation&, std::string_view) override {}

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
