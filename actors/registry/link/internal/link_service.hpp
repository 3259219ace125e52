#pragma once

#include <registry/error/error.hpp>
#include <registry/link/internal/identity.hpp>
#include <registry/link/internal/owned_socket.hpp>
#include <registry/membership/internal/link.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace registry {

/// How to set up a `link_service`.
struct link_service_options {
  /// Of `advertised`, an empty host or port 0 stands for that of `listen`.
  handshake_identity identity;
  /// An address of this host, or a name for some; port 0 lets the system choose one.
  node_address listen;
  /// Says in so many words that anybody who reaches the port may become part of the cluster. Without it an empty secret is
  /// accepted only if `listen` is a loopback address.
  bool allow_no_secret = false;
  /// How long an incoming handshake may take; also how long a dial may take in all, from looking up the name to the last word.
  std::chrono::milliseconds handshake_timeout{5000};
  /// How many incoming handshakes may be under way, in all and from one host (that is, one IP address). More connections are
  /// closed at once, without a word and without a report.
  std::size_t max_pending = 128;
  std::size_t max_pending_per_host = 32;
  /// How long sent bytes may stay unacknowledged before the system gives up a connection (TCP_USER_TIMEOUT).
  std::chrono::milliseconds user_timeout{8000};
};

/// A connection whose two ends have proved to each other that they know the secret.
struct established_link {
  link_info info;
  /// CAF's id of the peer's process, as text.
  std::string node_id;
  /// The protocol version to speak: the highest that both ends know.
  std::uint8_t version = 0;
  /// Not a byte beyond the handshake has been read from it or written to it. Non-blocking, closed on exec, with TCP_NODELAY,
  /// keep-alive and the user timeout set.
  owned_socket socket;
};

/// What a `link_service` reports. All functions are called on the service's own thread, which does nothing else meanwhile; they
/// may call the service's `dial` and `stop_listening` but must not destroy it.
class link_observer {
public:
  link_observer() = default;
  link_observer(const link_observer&) = delete;
  link_observer& operator=(const link_observer&) = delete;
  virtual ~link_observer() = default;

  /// Asked on both ends, once the other end has proved itself and before the last word: whether to end the handshake instead,
  /// and why. The other end is told the reason. Must not be `dial_failure::refused`, which is for the system to say.
  virtual std::optional<dial_failure> objection(const link_info& info, std::string_view node_id) = 0;

  /// A handshake succeeded: of a dial, if `info.dialled_by` is this node, or with a dialler.
  virtual void established(established_link x) = 0;

  /// A dial failed. Each call of `dial` is followed by exactly one `established` or `dial_failed`, unless the service ends.
  /// `refused` means that the peer's system refused the connection, on all addresses of the host; `unreachable` that there was
  /// no connection or that it ended or fell silent; `broken_handshake` that something answered that is no handshake. `self` is
  /// certain: who answered knew the secret. `detail` is a line for the operator.
  virtual void dial_failed(const node_address& where, dial_failure why, std::string detail) = 0;

  /// A connection from outside ended without a link, at most one call for each. `who` is what the dialler says of itself, if it
  /// has said so, which is certain only if it has proved itself; otherwise it is its IP address and port 0. `detail` is a line
  /// for the operator and has its IP address.
  virtual void dialler_refused(const node_address& who, dial_failure why, std::string detail) = 0;
};

/// Listens, dials and shakes hands. What it hands over are sockets that begin a conversation between two nodes of one cluster,
/// and nothing that a stranger sends ever comes further than here: a handshake is bounded in bytes and in time, and so is the
/// number of those under way.
///
/// The handshake proves that the other end knows the secret at that time. It does not encrypt what follows.
///
/// One thread does all of the work; another one, inside of Boost.Asio, looks up names, one at a time, so that a slow name server
/// holds up dials to names, though not those to IP addresses.
class link_service {
public:
  /// Listens and begins to accept. `observer` must live longer than the service, and may be called before this returns.
  /// `errc::invalid_argument` says which option cannot be, or which address could not be had, and what to do.
  static result<std::unique_ptr<link_service>> start(link_service_options options, link_observer& observer);

  link_service(const link_service&) = delete;
  link_service& operator=(const link_service&) = delete;
  /// Ends all handshakes without a report and joins the thread: afterwards the observer is not called. Waits for a name that is
  /// being looked up. Any thread but the service's.
  ~link_service();

  /// Connects and shakes hands. `number` travels in the handshake (`link_info::dial`). How many dials are under way is for the
  /// caller to limit. Any thread; returns at once.
  void dial(const node_address& where, std::uint64_t number);

  /// Accepts no more and ends the incoming handshakes that are under way, without a report. Any thread; returns at once, also
  /// when the caller holds a lock that the observer waits for: one that has just succeeded may still be reported. Idempotent.
  void stop_listening();

  /// Where it listens: the host as it was given and the actual port. Any thread.
  [[nodiscard]] const node_address& local_address() const noexcept;
  /// What it tells others. Any thread.
  [[nodiscard]] const node_address& advertised() const noexcept;

private:
  struct state;
  explicit link_service(std::unique_ptr<state> made) noexcept;

  std::unique_ptr<state> state_;
};

} // namespace registry
