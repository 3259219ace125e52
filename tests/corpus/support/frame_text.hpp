#pragma once

#include <registry/wire/internal/frame.hpp>

#include <cstddef>
#include <span>
#include <string>

namespace registry::corpus {

// What the bytes of ours say, in several lines. Throw `std::runtime_error` if they cannot be read, or if this program would not write
// the same bytes.

/// A frame: what replicas say to each other. The first word is the kind of the message.
[[nodiscard]] std::string text_of(const frame& x);
[[nodiscard]] std::string heartbeat_text(std::span<const std::byte> bytes);

} // namespace registry::corpus
