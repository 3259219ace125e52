#pragma once

#include <registry/internal/hex.hpp>
#include <registry/value/value.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace registry::corpus {

// The notation of the expected content. It belongs to the corpus, so that it stays the same when that of the library
// changes. Different things have different texts.

using internal::hex;
/// In double quotes; all but printable ASCII as `\xff`. A long text is shown as its beginning, its size and a checksum.
[[nodiscard]] std::string text_of(std::string_view text);
[[nodiscard]] inline std::string text_of(const std::string& text) {
  return text_of(std::string_view{text});
}
[[nodiscard]] std::string text_of(std::span<const std::byte> bytes);
/// `17@node`, or `nobody`.
[[nodiscard]] std::string text_of(const member& actor);
/// As JSON where possible. A long list or map is shown as its beginning, its size and a checksum of the whole text.
[[nodiscard]] std::string text_of(const value& x);

/// The actor of a text.
[[nodiscard]] member actor_of(std::string_view text);

} // namespace registry::corpus
