#pragma once

#include <registry/entry/event.hpp>
#include <registry/scope/subscription.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

namespace cluster_tests {

/// The content of a scope as a subscriber knows it: the start of its subscription, and all changes since. Notes the first
/// change that is impossible.
class fold {
public:
  void start(const registry::subscription_start& from);
  void apply(const registry::event& change);

  /// The impossible change; empty if there was none.
  [[nodiscard]] const std::string& fault() const noexcept { return fault_; }
  /// The difference to the table; empty if there is none.
  [[nodiscard]] std::string difference(const registry::table_snapshot& table) const;

private:
  using group_entries = std::vector<registry::event_entry>; // in join order

  void join(const registry::event& change, group_entries& entries);
  void leave(const registry::event& change, group_entries& entries);
  void update(const registry::event& change, group_entries& entries);
  void blame(const registry::event& change, const char* why);

  std::unordered_map<registry::value, group_entries, registry::strict_hash, registry::strict_equal> groups_;
  std::uint64_t commit_ = 0;
  std::string fault_;
};

} // namespace cluster_tests
