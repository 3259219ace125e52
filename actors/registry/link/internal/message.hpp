#pragma once

#include <registry/error/error.hpp>
#include <registry/link/internal/identity.hpp>
#include <registry/link/internal/proof.hpp>
#include <registry/membership/internal/link.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace registry::inline v0_2 {

// The messages of a handshake. On the wire: two bytes of length, big endian, and the body, whose first byte is the type.

/// The number of bytes of the length.
inline constexpr std::size_t length_size = 2;
/// The maximum length of a body. The first bytes of other protocols (letters, the hello of TLS) read as a length beyond it.
inline constexpr std::size_t longest_body = 1024;

enum class message_type : std::uint8_t {
  dialler_hello = 1,
  acceptor_hello = 2,
  dialler_proof = 3,
  acceptor_proof = 4,
  ready = 5,
  refusal = 6,
};

/// The first version whose hello has a name.
inline constexpr std::uint8_t version_with_name = 2;

/// The identity of an end. Later versions of the protocol may append to it but not change the existing part.
struct hello {
  std::uint8_t oldest_version = 0;
  std::uint8_t newest_version = 0;
  std::string cluster;
  incarnation self;
  node_address advertised;
  std::string node_id;
  /// The dialler's number of the dial; 0 from the acceptor.
  std::uint64_t dial = 0;
  nonce fresh{};
  /// What its operator calls it, if anything: `is_node_name`. Ends that speak version 1 at most do not send it, and skip it.
  std::string name = {};

  friend bool operator==(const hello&, const hello&) = default;
};

[[nodiscard]] hello make_hello(const handshake_identity& who, std::uint64_t dial, const nonce& fresh);

/// Encode messages with their lengths. The texts of a hello must be within their limits.
[[nodiscard]] std::vector<std::byte> encode(message_type type, const hello& x);
[[nodiscard]] std::vector<std::byte> encode(message_type type, const digest_256& proof);
[[nodiscard]] std::vector<std::byte> encode_ready();
[[nodiscard]] std::vector<std::byte> encode_refusal(dial_failure why);

/// 0 if the length is not allowed for any message.
[[nodiscard]] std::size_t decode_length(std::span<const std::byte> data) noexcept;

/// Decode bodies from an untrusted end: `errc::malformed` if it is not exactly such a message. Extra bytes at the end of a
/// hello are accepted from an end that speaks a version above `newest_known`.
[[nodiscard]] result<hello> decode_hello(std::span<const std::byte> body, message_type type, std::uint8_t newest_known);
[[nodiscard]] result<digest_256> decode_proof(std::span<const std::byte> body, message_type type);
[[nodiscard]] result<void> decode_ready(std::span<const std::byte> body);
/// Never `refused` or `broken_handshake`, which an end cannot report about itself.
[[nodiscard]] result<dial_failure> decode_refusal(std::span<const std::byte> body);

/// The type of a non-empty body; the value may be no known type.
[[nodiscard]] message_type type_of(std::span<const std::byte> body) noexcept;

} // namespace registry::inline v0_2
