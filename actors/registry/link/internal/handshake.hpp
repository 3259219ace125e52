#pragma once

#include <registry/link/internal/identity.hpp>
#include <registry/link/internal/message.hpp>
#include <registry/membership/internal/link.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace registry::inline v0_2 {

/// Why a handshake failed.
struct handshake_failure {
  dial_failure why = dial_failure::broken_handshake;
  /// For the operator; safe to log.
  std::string detail;
  /// Whether the connection ended without a message, as it does when the peer's process ends.
  bool hung_up = false;
};

/// One end of a handshake without input and output: bytes in, bytes and an outcome out. Deterministic except for the nonce
/// that it is given; not thread-safe.
///
/// 1. dialler: hello -> acceptor: hello -> dialler: proof -> acceptor: proof -> dialler: ready. Instead of its proof or its
///    last message either end may send a refusal, which ends the handshake, as does any unexpected message.
/// 2. A proof depends on the secret, the role, and both hellos as they were sent: it is not valid for another handshake, for
///    the other end, or for a hello that was changed in transit.
/// 3. Each end compares clusters and versions by itself, and asks for objections only after the other end has proved itself.
///    The acceptor proves itself only to a dialler that has.
/// 4. The dialler detects that both ends are this node once the acceptor has proved itself: a stranger that repeats our
///    incarnation cannot deceive it.
/// 5. It requests the bytes of the next message only and never any beyond the last.
class handshake {
public:
  /// Called for an objection: see `link_observer::objection`.
  using judge = std::function<std::optional<dial_failure>(const link_info& info, std::string_view node_id)>;

  /// `self` must outlive it. `use_other`: the other secret.
  static handshake dialler(const handshake_identity& self, const nonce& fresh, std::uint64_t dial, judge objection,
                           bool use_other = false);
  static handshake acceptor(const handshake_identity& self, const nonce& fresh, judge objection);

  /// The connection is plain, but encryption is required: the acceptor answers any hello with a refusal.
  void refuse_plain() noexcept { refuses_plain_ = true; }

  /// The exact number of bytes it needs next: at most `longest_body`; 0 when it has ended.
  [[nodiscard]] std::size_t wanted() const noexcept;
  /// Takes them.
  void receive(std::span<const std::byte> data);
  /// The bytes to send now, before anything else is received or the outcome has effect.
  [[nodiscard]] std::vector<std::byte> take_output() { return std::exchange(output_, {}); }

  [[nodiscard]] bool succeeded() const noexcept { return stage_ == stage::succeeded; }
  /// The failure, if any.
  [[nodiscard]] const std::optional<handshake_failure>& failure() const noexcept { return failure_; }

  /// The other end's description of itself; nothing before its hello. Verified if the handshake has succeeded.
  [[nodiscard]] const std::optional<hello>& peer() const noexcept { return peer_; }
  /// Whether it has proved that it knows the secret.
  [[nodiscard]] bool is_proven() const noexcept { return proven_; }
  /// The link, once there is a `peer`.
  [[nodiscard]] link_info info() const;
  /// The version to speak, if the handshake has succeeded.
  [[nodiscard]] std::uint8_t version() const noexcept;

private:
  enum class role : std::uint8_t { dialler, acceptor };
  enum class stage : std::uint8_t { hello, proof, last_word, succeeded, failed };

  handshake(role own, const handshake_identity& self, const nonce& fresh, std::uint64_t dial, judge objection);

  void take_message(std::span<const std::byte> body);
  void take_hello(std::span<const std::byte> body);
  void take_proof(std::span<const std::byte> body);
  void take_last_word(std::span<const std::byte> body);
  void take_refusal(std::span<const std::byte> body);
  bool compare();
  void agree();
  void send_proof();
  [[nodiscard]] std::optional<digest_256> prove(role whose) const;
  [[nodiscard]] bool is_right(std::span<const std::byte> proof, bool& failed);
  void send(std::vector<std::byte> message);
  void refuse(dial_failure why, std::string detail);
  void fail(dial_failure why, std::string detail);

  role role_;
  stage stage_ = stage::hello;
  const handshake_identity* self_;
  bool use_other_ = false; // secret
  bool refuses_plain_ = false;
  std::uint64_t dial_;
  judge objection_;
  std::size_t body_size_ = 0; // of the message being received, or 0 before its length
  std::vector<std::byte> own_hello_;
  std::vector<std::byte> peer_hello_;
  std::optional<hello> peer_;
  bool proven_ = false;
  std::vector<std::byte> output_;
  std::optional<handshake_failure> failure_;
};

} // namespace registry::inline v0_2
