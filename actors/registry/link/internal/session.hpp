#pragma once

#include <registry/link/internal/handshake.hpp>
#include <registry/link/internal/link_service.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace registry::inline v0_2 {

/// How a handshake on a socket ended.
using session_outcome = std::variant<established_link, handshake_failure>;

/// A handshake on a connected socket. I/O thread only.
///
/// 1. At most one read or one write is in progress, and the timer.
/// 2. TLS, if any, comes first, and what follows is inside of it. A read requests exactly the bytes that the handshake needs, so the bytes after the handshake stay in the socket.
/// 3. It ends once: with one call of the handler, or with `cancel` and none. The socket is closed or handed over then.
class session : public std::enable_shared_from_this<session> {
public:
  using clock = std::chrono::steady_clock;
  using end_handler = std::function<void(session&, session_outcome)>;

  session(boost::asio::ip::tcp::socket socket, handshake talk);

  ///@{
  /// Before `start`, at most one of these. To dial by TLS, which fails if OpenSSL refuses; or to accept it if the other end begins with
  /// it, with keys that must outlive this. `must`: plain connections are refused.
  bool use_tls(const tls_keys& keys, std::size_t secret, const std::string& host);
  void expect_tls(const tls_keys& keys, bool must) noexcept {
    accepts_by_ = &keys;
    must_encrypt_ = must;
  }
  ///@}

  /// Once. `on_end` is not called from inside.
  void start(clock::time_point deadline, end_handler on_end);
  /// Ends it without calling the handler. Idempotent.
  void cancel();

  /// The other end's description of itself, if received.
  [[nodiscard]] const std::optional<hello>& peer() const noexcept { return talk_.peer(); }
  /// Whether the other end has proved that it knows the secret.
  [[nodiscard]] bool is_proven() const noexcept { return talk_.is_proven(); }
  /// What a log calls it, with a colon behind; empty before its proof, since it may claim anything.
  [[nodiscard]] std::string proven_name() const;

private:
  using wait_type = boost::asio::ip::tcp::socket::wait_type;
  using step = void (session::*)();

  void begin();
  void look_at_first_byte();
  void secure();
  [[nodiscard]] handshake_failure end_of_new_tls() const;
  void go_on();
  void write();
  void write_by_tls();
  void read();
  void read_by_tls();
  void end_of_tls(tls_session::status how);
  void take(std::size_t size);
  void wait(wait_type what, step then);
  bool must_wait(tls_session::status how, step then);
  void hand_over();
  void give_up(handshake_failure why);
  bool end();

  boost::asio::ip::tcp::socket socket_;
  boost::asio::steady_timer timer_;
  handshake talk_;
  std::array<std::byte, longest_body> input_;
  std::size_t got_ = 0; // of it
  std::vector<std::byte> output_;
  std::size_t written_ = 0; // of it
  const tls_keys* accepts_by_ = nullptr;
  bool must_encrypt_ = false;
  std::shared_ptr<tls_session> tls_;
  end_handler on_end_;
  bool ended_ = false;
};

} // namespace registry::inline v0_2
