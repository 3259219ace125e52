#pragma once

#include <registry/replica/internal/host.hpp>
#include <registry/replica/internal/journal.hpp>
#include <registry/replica/internal/snapshot_walk.hpp>
#include <registry/replica/options.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <unordered_map>

namespace registry::inline v0_2::internal {

class inbound;

/// The shared part of one replica's conversations with all its peers.
struct replica_context {
  const incarnation self;
  const std::string scope;
  const key_mode mode;
  const std::uint64_t epoch;
  replica_host& host;
  const replica_options options;

  replica_statistics statistics{};
  journal changes{options.journal_bytes, options.frame_size};
  std::uint64_t latest_cut = 0;
  std::uint64_t next_token = 1;
  std::uint64_t next_answer = 1;
  std::uint32_t next_origin = 1;
  /// The node behind each origin that still has entries.
  std::unordered_map<std::uint32_t, incarnation> owners{};
  /// The time since the first `tick`.
  std::chrono::nanoseconds now{0};

  /// Work that has begun or waits for its turn, in order, and the conversation that goes on after it, if any.
  struct bulk {
    std::unique_ptr<bulk_work> work;
    const inbound* whose = nullptr;
  };
  std::deque<bulk> works{};

  /// The local entries as they are now.
  snapshot_source cut();
  /// Has work done: at once if it concerns few entries and nothing is before it, which is returned; otherwise by `replica::step`.
  bool begin(std::unique_ptr<bulk_work> work, std::size_t entries, const inbound* whose);
  /// Drops the work of a conversation.
  void drop_work_of(const inbound& whose);
};

} // namespace registry::inline v0_2::internal
