#pragma once

#include <registry/error/error.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace registry::inline v0_2 {

/// A frame as it travels in a record: its actors by their nodes and numbers, and its bytes.
struct frame_record {
  /// The node of an actor: the sender or the receiver of the record, or one in `nodes`.
  static constexpr std::uint32_t sender = 0;
  static constexpr std::uint32_t receiver = 1;
  static constexpr std::uint32_t first_third = 2;

  struct actor {
    std::uint32_t node = sender;
    std::uint64_t id = 0; ///< 0 for none
    friend bool operator==(const actor&, const actor&) = default;
  };

  /// Third nodes, as CAF writes them.
  std::vector<std::vector<std::byte>> nodes;
  std::vector<actor> actors;
};

[[nodiscard]] std::vector<std::byte> encode(const frame_record& about, std::span<const std::byte> frame);

struct decoded_frame_record {
  frame_record about;
  std::span<const std::byte> frame; ///< a view of what was decoded
};
/// Errors: `malformed`, or `limit_exceeded` if it has more actors than allowed.
[[nodiscard]] result<decoded_frame_record> decode_frame_record(std::span<const std::byte> content, std::size_t most_actors);

} // namespace registry::inline v0_2
