#pragma once

#include <registry/member/member.hpp>

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <unordered_map>
#include <vector>

namespace chat {

/// The sessions of a server that have not ended. Any thread; the lock is held for memory operations only.
class session_list {
public:
  void add(const registry::member& session);
  void remove(std::uint64_t actor_id);

  [[nodiscard]] std::size_t size() const;
  [[nodiscard]] std::vector<registry::member> all() const;
  /// Waits until there is none; false if that takes longer than `timeout`.
  bool wait_until_empty(std::chrono::milliseconds timeout);

private:
  mutable std::mutex mutex_;
  std::condition_variable emptied_;
  std::unordered_map<std::uint64_t, registry::member> sessions_;
};

} // namespace chat
