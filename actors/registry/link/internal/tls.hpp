#pragma once

#include <registry/error/error.hpp>

#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace registry::inline v0_2 {

/// One end of a TLS 1.3 connection on a non-blocking socket, which stays with its owner. One thread at a time.
class tls_session {
public:
  enum class status {
    done,
    wants_read,  ///< call it again once the socket is readable
    wants_write, ///< once it is writable
    closed,      ///< the other end has ended the connection, or the network has
    failed,      ///< see `failure`
  };

  struct outcome {
    status how = status::failed;
    std::size_t size = 0; ///< of what was read or written; positive if `how` is `done`
  };

  virtual ~tls_session() = default;

  virtual status shake_hands() = 0;
  virtual outcome read(std::span<std::byte> into) = 0;
  /// Writes some of it. If it has to wait, call it again with the same bytes, which may be elsewhere, or more.
  virtual outcome write(std::span<const std::byte> data) = 0;
  /// Whether there is more to read although the socket has been read.
  [[nodiscard]] virtual bool has_pending() const = 0;
  /// After the handshake, which of the secrets the two ends have in common.
  [[nodiscard]] virtual std::size_t secret() const = 0;
  /// What has failed, for the operator.
  [[nodiscard]] virtual const std::string& failure() const = 0;
};

/// The keys of a node, for any number of sessions. Any thread.
///
/// A secret is an external pre-shared key, derived by scrypt with the name of the cluster as salt. Its identity in the first
/// message is random, and tells those who know the secret which one it is, and others nothing. Whoever sees the first message
/// can guess secrets and check the guess, as slowly as scrypt is: secrets must be random.
class tls_keys {
public:
  /// One or more secrets. Takes some 50 ms each. Errors: `limit_exceeded` if OpenSSL refuses.
  static result<std::shared_ptr<const tls_keys>> from_secrets(std::span<const std::string> secrets,
                                                              const std::string& cluster);

  virtual ~tls_keys() = default;

  /// How many there are to try in a dial.
  [[nodiscard]] virtual std::size_t size() const noexcept = 0;
  /// The dialling end, which offers this one of the secrets. Null if OpenSSL refuses.
  [[nodiscard]] virtual std::shared_ptr<tls_session> dial(int socket, std::size_t secret) const = 0;
  /// The accepting end, which takes any of them.
  [[nodiscard]] virtual std::shared_ptr<tls_session> accept(int socket) const = 0;
};

/// The first byte of a connection that begins with TLS; the length of our own messages begins with less.
inline constexpr std::byte tls_first_byte{0x16};

} // namespace registry::inline v0_2
