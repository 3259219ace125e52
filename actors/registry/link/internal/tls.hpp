#pragma once

#include <registry/error/error.hpp>
#include <registry/membership/internal/link.hpp>

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <variant>

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
  /// From now on reads as much from the socket as there is, and not record by record. After that, nothing else may read from it.
  virtual void read_ahead() = 0;
  /// Whether there is more to read although the socket has been read.
  [[nodiscard]] virtual bool has_pending() const = 0;
  /// After the handshake, which of the secrets the two ends have in common; 0 if they have certificates.
  [[nodiscard]] virtual std::size_t secret() const = 0;
  /// What a failure means: `wrong_secret` or `wrong_certificate`.
  [[nodiscard]] virtual dial_failure meaning() const noexcept = 0;
  /// What has failed, for the operator. Contains nothing that the other end could choose.
  [[nodiscard]] virtual const std::string& failure() const = 0;
};

/// The names of three files in PEM format: the certificate of a node, with the certificates between it and its authority, if any; its
/// key; and the authorities that it trusts.
struct tls_files {
  std::string certificate;
  std::string key;
  std::string authorities;
};

/// What is wrong with one of them.
struct tls_file_fault {
  std::string option; ///< that names it: `tls-key`
  std::string what;   ///< as the end of a sentence that begins with the option, with what to do
};

/// The keys of a node, for any number of sessions. Any thread.
///
/// A secret is an external pre-shared key, derived by scrypt with the name of the cluster as salt. Its identity in the first
/// message is random, and tells those who know the secret which one it is, and others nothing. Whoever sees the first message
/// can guess secrets and check the guess, as slowly as scrypt is: secrets must be random.
///
/// With certificates each end proves that it has the key of one that an authority has issued which the other end trusts, that is
/// valid now, and that may be used for this. The dialling end also compares the host that it has dialled with the names in the
/// certificate, and no others; the accepting end does not know the host of the other. The files are looked at for each session, and
/// read anew when one of them has changed. If they cannot be used then, what was read before stays in use, and the log says so once.
class tls_keys {
public:
  /// One or more secrets. Takes some 50 ms each. Errors: `limit_exceeded` if OpenSSL refuses.
  static result<std::shared_ptr<const tls_keys>> from_secrets(std::span<const std::string> secrets,
                                                              const std::string& cluster);

  /// A certificate and its key. Every file is checked, that of the key for its mode, too, and the certificates for the time in which
  /// they are valid.
  static std::variant<std::shared_ptr<const tls_keys>, tls_file_fault> from_files(const tls_files& files);

  virtual ~tls_keys() = default;

  /// The dialling end, which offers this one of the secrets, or expects a certificate for this host. Null if OpenSSL refuses.
  [[nodiscard]] virtual std::shared_ptr<tls_session> dial(int socket, std::size_t secret, const std::string& host) const = 0;
  /// The accepting end, which takes any of them.
  [[nodiscard]] virtual std::shared_ptr<tls_session> accept(int socket) const = 0;
  /// Whether others can dial this node by that host: its certificate, if it has one, is for that.
  [[nodiscard]] virtual bool are_for(const std::string& host) const = 0;
};

/// The first byte of a connection that begins with TLS; the length of our own messages begins with less.
inline constexpr std::byte tls_first_byte{0x16};

} // namespace registry::inline v0_2
