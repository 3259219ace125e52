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

namespace registry {

/// Why a handshake came to nothing.
struct handshake_failure {
  dial_failure why = dial_failure::broken_handshake;
  /// For the operator; nothing in it can spoil a log.
  std::string detail;
  /// Whether the connection ended without a word, as it does when the peer's process ends.
  bool hung_up = false;
};

/// One end of a handshake without input and output: bytes in, bytes and an outcome out. Deterministic but for the nonce that it
/// is given; not thread-safe.
///
/// 1. dialler: hello -> acceptor: hello -> dialler: proof -> acceptor: proof -> dialler: ready. Instead of its proof or its last
///    word either end may send a refusal, which ends the handshake, as does everything else that is not expected.
/// 2. A proof is made of the secret, the role, and both hellos as they were sent: it fits no other handshake, not the other
///    end, and no hello that was changed on the way.
/// 3. Each end compares clusters and versions by itself, and asks for objections only after the other end has proved itself.
///    The acceptor proves itself only to a dialler that has.
/// 4. That both ends are this node is found out by the dialler once the acceptor has proved itself: a stranger that repeats our
///    incarnation cannot make us believe it.
/// 5. It asks for the bytes of the next message only and never for one beyond the last.
class handshake {
public:
  /// Asked for an objection: see `link_observer::objection`.
  using judge = std::function<std::optional<dial_failure>(const link_info& info, std::string_view node_id)>;

  /// `self` must outlive it.
  static handshake dialler(const handshake_identity& self, const nonce& fresh, std::uint64_t dial, judge objection);
  static handshake acceptor(const handshake_identity& self, const nonce& fresh, judge objection);

  /// How many bytes it needs next, exactly: at most `longest_body`; 0 when it has ended.
  [[nodiscard]] std::size_t wanted() const noexcept;
  /// Takes them.
  void receive(std::span<const std::byte> data);
  /// What must be sent now, before anything else is received or the outcome has effect.
  [[nodiscard]] std::vector<std::byte> take_output() { return std::exchange(output_, {}); }

  [[nodiscard]] bool succeeded() const noexcept { return stage_ == stage::succeeded; }
  /// What went wrong, if anything has.
  [[nodiscard]] const std::optional<handshake_failure>& failure() const noexcept { return failure_; }

  /// What the other end has said of itself; nothing before its hello. Certain if it has succeeded.
  [[nodiscard]] const std::optional<hello>& peer() const noexcept { return peer_; }
  /// The link, once there is a `peer`.
  [[nodiscard]] link_info info() const;
  /// The version to speak, if it has succeeded.
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
  void send(std::vector<std::byte> message);
  void refuse(dial_failure why, std::string detail);
  void fail(dial_failure why, std::string detail);

  role role_;
  stage stage_ = stage::hello;
  const handshake_identity* self_;
  std::uint64_t dial_;
  judge objection_;
  std::size_t body_size_ = 0; // of the message that is being received, or 0 before its length
  std::vector<std::byte> own_hello_;
  std::vector<std::byte> peer_hello_;
  std::optional<hello> peer_;
  std::vector<std::byte> output_;
  std::optional<handshake_failure> failure_;
};

} // namespace registry
