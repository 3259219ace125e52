#pragma once

#include <registry/wire/internal/frame.hpp>

#include <cstddef>
#include <span>
#include <string>

namespace registry::corpus {

// The content of our bytes, in several lines. Throw `std::runtime_error` if they cannot be decoded, or if this program would
// not encode the same bytes.

/// A frame: a message between replicas. The first word is the kind of the message.
[[nodiscard]] std::string text_of(const frame& x);
[[nodiscard]] std::string heartbeat_text(std::span<const std::byte> bytes);

} // namespace registry::corpus
