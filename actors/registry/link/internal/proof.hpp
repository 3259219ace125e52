#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

namespace registry::inline v0_2 {

/// Makes every handshake unique: random bytes, used once.
using nonce = std::array<std::byte, 32>;

/// Nothing if the system provides no randomness.
[[nodiscard]] std::optional<nonce> make_nonce() noexcept;

/// HMAC-SHA-256 (RFC 2104). Nothing if the cryptographic library fails.
using digest_256 = std::array<std::byte, 32>;
[[nodiscard]] std::optional<digest_256> hmac_sha_256(std::string_view key, std::span<const std::byte> data);

/// Whether both are the same bytes, compared in constant time.
[[nodiscard]] bool same_bytes(std::span<const std::byte> a, std::span<const std::byte> b) noexcept;

} // namespace registry::inline v0_2
