#pragma once

#include <registry/member/member.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace registry::corpus {

/// Our bytes in a stream: a message of the handshake, a heartbeat or a frame, and the handles that CAF carries beside a
/// frame.
struct own_part {
  enum class kind : std::uint8_t { handshake, heartbeat, frame };

  std::size_t offset = 0;
  std::size_t size = 0;
  kind what = kind::frame;
  std::vector<member> handles{};
};

/// What these bytes say, with their places: the content that is expected of a stream.
///
///     OFFSET SIZE KIND HANDLE...
///       content
///
/// Throws `std::runtime_error` if something cannot be read, or if this program would not write the same bytes.
[[nodiscard]] std::string text_of(std::span<const std::byte> stream, const std::vector<own_part>& parts);

/// The places in such a text.
[[nodiscard]] std::vector<own_part> places_in(std::string_view text);

} // namespace registry::corpus
