#pragma once

#include <registry/entry/event.hpp>
#include <registry/scope/subscription.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

namespace cluster_tests {

/// The content of a scope as a subscriber knows it: where its subscription starts from, and all changes since. Notes the first
/// thing about the changes that cannot be.
class fold {
public:
  void start(const registry::subscription_start& from);
  void apply(const registry::event& change);

  /// What cannot be; empty if nothing was wrong.
  [[nodiscard]] const std::string& fault() const noexcept { return fault_; }
  /// How this differs from the table; empty if it does not.
  [[nodiscard]] std::string difference(const registry::table_snapshot& table) const;

private:
  using held = std::vector<registry::event_entry>; // in join order

  void join(const registry::event& change, held& entries);
  void leave(const registry::event& change, held& entries);
  void update(const registry::event& change, held& entries);
  void blame(const registry::event& change, const char* why);

  std::unordered_map<registry::value, held, registry::strict_hash, registry::strict_equal> groups_;
  std::uint64_t commit_ = 0;
  std::string fault_;
};

} // namespace cluster_tests
