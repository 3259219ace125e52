#pragma once

#include <registry/scope/scope.hpp>

#include <cstdint>
#include <unordered_map>
#include <vector>

namespace registry::testing {

/// A number for the entries of a key that does not depend on how they were found: a sum of one for each of them.
std::uint64_t digest(const value& key, const group& entries);

/// What a subscriber knows: its start, with all events applied.
class fold {
public:
  explicit fold(const subscription_start& start);

  /// False if the event does not fit what is known.
  bool apply(const event& x);
  /// Whether it is, entry by entry and in order, what `lookup` gives.
  [[nodiscard]] bool equals(const scope& where) const;

  [[nodiscard]] std::uint64_t commit() const { return commit_; }
  [[nodiscard]] std::uint64_t digest() const { return digest_; }

private:
  std::uint64_t commit_;
  std::uint64_t digest_ = 0;
  std::unordered_map<value, std::vector<event_entry>, strict_hash, strict_equal> keys_;
};

} // namespace registry::testing
