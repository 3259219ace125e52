#pragma once

#include <registry/error/error.hpp>
#include <registry/link/internal/identity.hpp>
#include <registry/link/internal/owned_socket.hpp>
#include <registry/link/internal/tls.hpp>
#include <registry/membership/internal/link.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace registry::inline v0_2 {

/// The configuration of a `link_service`.
struct link_service_options {
  /// In `advertised`, an empty host or port 0 stands for that of `listen`.
  handshake_identity identity;
  /// Encrypts links; null for none. Without `must_encrypt` links with nodes that cannot are plain.
  std::shared_ptr<const tls_keys> keys = nullptr;
  bool must_encrypt = false;
  /// An address of this host, or a name for some; port 0 lets the system choose one.
  node_address listen;
  /// Explicitly allows anybody who reaches the port to join the cluster. Without it an empty secret is accepted only if
  /// `listen` is a loopback address, or if links must be encrypted.
  bool allow_no_secret = false;
  /// The time limit of an incoming handshake; also that of a whole dial, from looking up the name to the last message.
  std::chrono::milliseconds handshake_timeout{5000};
  /// The maximum number of incoming handshakes in progress, in all and from one host (that is, one IP address). Further
  /// connections from that host are closed at once, without a message and without a report. One from another host takes the
  /// place of the oldest handshake of the host that has most of them.
  std::size_t max_pending = 128;
  std::size_t max_pending_per_host = 32;
  /// How long sent bytes may stay unacknowledged before the system drops a connection (TCP_USER_TIMEOUT).
  std::chrono::milliseconds user_timeout{8000};
};

/// A connection whose two ends have proved to each other that they know the secret.
struct established_link {
  link_info info;
  /// CAF's id of the peer's process, as text.
  std::string node_id;
  /// The protocol version to speak: the highest that both ends know.
  std::uint8_t version = 0;
  /// No byte beyond the handshake has been read from it or written to it. Non-blocking, closed on exec, with TCP_NODELAY,
  /// keep-alive and the user timeout set.
  owned_socket socket;
  /// The encryption of the connection, whose thread is now that of the receiver; null in plain.
  std::shared_ptr<tls_session> tls = nullptr;
};

/// Receives the reports of a `link_service`. All functions are called on the service's own thread, which does nothing else
/// meanwhile; they may call the service's `dial` and `stop_listening` but must not destroy it.
class link_observer {
public:
  link_observer() = default;
  link_observer(const link_observer&) = delete;
  link_observer& operator=(const link_observer&) = delete;
  virtual ~link_observer() = default;

  /// Called on both ends, once the other end has proved itself and before the last message: whether to end the handshake
  /// instead, and why. The other end is told the reason. Must not return `dial_failure::refused`, which only the system
  /// reports.
  virtual std::optional<dial_failure> objection(const link_info& info, std::string_view node_id) = 0;

  /// A handshake succeeded: of a dial, if `info.dialled_by` is this node, or with a dialler.
  virtual void established(established_link x) = 0;

  /// A dial failed. Each call of `dial` is followed by exactly one `established` or `dial_failed`, unless the service ends.
  /// `refused` means that the peer's system refused the connection, on all addresses of the host; `unreachable` that there
  /// was no connection or that it ended or fell silent; `hung_up` that it ended when TLS began; `broken_handshake` that the response was
  /// not a handshake. `self` is certain: the other end knew the secret. `detail` is a line for the operator.
  virtual void dial_failed(const node_address& where, dial_failure why, std::string detail) = 0;

  /// A connection from outside ended without a link; at most one call for each. `who` is the address that the dialler
  /// advertises if it has proved itself, otherwise its IP address and port 0. `detail` is a line for the operator; it contains
  /// the IP address, and nothing that an unproven dialler could choose.
  virtual void dialler_refused(const node_address& who, dial_failure why, std::string detail) = 0;
};

/// Listens, dials and shakes hands. It hands over sockets that begin a conversation between two nodes of one cluster; no
/// data from a stranger gets further than here. A handshake is bounded in bytes and in time, and the number of handshakes in
/// progress is limited.
///
/// The handshake proves that the other end knows the secret at that time. If both ends can, it takes place inside of TLS, by a secret or by
/// certificates, which goes on for the traffic that follows; otherwise that is not encrypted.
///
/// One thread does all of the work; another one, inside Boost.Asio, looks up names, one at a time, so a slow name server
/// delays dials to names, though not those to IP addresses.
class link_service {
public:
  /// Starts to listen and accept. `observer` must outlive the service, and may be called before this returns.
  /// `errc::invalid_argument` names the invalid option or the unavailable address, and says what to do.
  static result<std::unique_ptr<link_service>> start(link_service_options options, link_observer& observer);

  link_service(const link_service&) = delete;
  link_service& operator=(const link_service&) = delete;
  /// Ends all handshakes without a report and joins the thread: afterwards the observer is not called. Waits for a name
  /// lookup in progress. Any thread but the service's.
  ~link_service();

  /// Connects and shakes hands. `number` travels in the handshake (`link_info::dial`). The caller limits the number of
  /// concurrent dials. Any thread; returns at once.
  void dial(const node_address& where, std::uint64_t number);

  /// Stops accepting and ends the incoming handshakes in progress, without a report. Any thread; returns at once, even when
  /// the caller holds a lock that the observer waits for: a handshake that has just succeeded may still be reported.
  /// Idempotent.
  void stop_listening();

  /// The address it listens on: the given host and the actual port. Any thread.
  [[nodiscard]] const node_address& local_address() const noexcept;
  /// The address it announces to others. Any thread.
  [[nodiscard]] const node_address& advertised() const noexcept;

private:
  struct state;
  explicit link_service(std::unique_ptr<state> made) noexcept;

  std::unique_ptr<state> state_;
};

} // namespace registry::inline v0_2
