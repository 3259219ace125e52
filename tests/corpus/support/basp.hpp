#pragma once

#include <registry/link/internal/basp_guard.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace registry::corpus {

/// A message of CAF in a stream.
struct basp_message {
  std::size_t offset = 0;
  basp_header header;
  std::span<const std::byte> payload;

  [[nodiscard]] std::size_t payload_offset() const noexcept { return offset + basp_header::size; }
};

/// The messages from an offset on. A message truncated by the end of the stream is left out. Throws `std::runtime_error` for
/// anything else.
[[nodiscard]] std::vector<basp_message> read_basp(std::span<const std::byte> stream, std::size_t offset);

} // namespace registry::corpus
