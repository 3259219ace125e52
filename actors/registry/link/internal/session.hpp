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
#include <variant>
#include <vector>

namespace registry::inline v0_2 {

/// How a handshake on a socket ended.
using session_outcome = std::variant<established_link, handshake_failure>;

/// A handshake on a connected socket. I/O thread only.
///
/// 1. At most one read or one write is in progress, and the timer.
/// 2. A read requests exactly the bytes that the handshake needs, so the bytes after the handshake stay in the socket.
/// 3. It ends once: with one call of the handler, or with `cancel` and none. The socket is closed or handed over then.
class session : public std::enable_shared_from_this<session> {
public:
  using clock = std::chrono::steady_clock;
  using end_handler = std::function<void(session&, session_outcome)>;

  session(boost::asio::ip::tcp::socket socket, handshake talk);

  /// Once. `on_end` is not called from inside.
  void start(clock::time_point deadline, end_handler on_end);
  /// Ends it without calling the handler. Idempotent.
  void cancel();

  /// The other end's description of itself, if received.
  [[nodiscard]] const std::optional<hello>& peer() const noexcept { return talk_.peer(); }
  /// Whether the other end has proved that it knows the secret.
  [[nodiscard]] bool is_proven() const noexcept { return talk_.is_proven(); }

private:
  void go_on();
  void write();
  void read();
  void hand_over();
  void give_up(handshake_failure why);
  bool end();

  boost::asio::ip::tcp::socket socket_;
  boost::asio::steady_timer timer_;
  handshake talk_;
  std::array<std::byte, longest_body> input_;
  std::vector<std::byte> output_;
  end_handler on_end_;
  bool ended_ = false;
};

} // namespace registry::inline v0_2
