#pragma once

#include <registry/link/internal/host_resolver.hpp>
#include <registry/link/internal/session.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

namespace registry::inline v0_2 {

/// One dial: looks up the host and tries its addresses one after the other, each for its share of the remaining time. I/O
/// thread only.
///
/// 1. At any time it looks up, connects or shakes hands; the timer limits the first two, the session limits itself.
/// 2. It ends once: with one call of the handler, or with `cancel` and none.
/// 3. Of several failures it reports the most informative: an address that answered rather than one that did not; and
///    `refused` only if no address might have been silent.
/// 4. A connection that is lost during the handshake is retried once per dial.
/// 5. It dials an address by TLS with each of the secrets until the other end knows one. If it does not know TLS, and need not, it is
///    dialled in plain, likewise.
class dialler : public std::enable_shared_from_this<dialler> {
public:
  using clock = session::clock;
  using end_handler = std::function<void(dialler&, session_outcome)>;

  /// Its environment, which must outlive it.
  struct settings {
    const link_service_options& options;
    handshake::judge objection;
    host_resolver& names;
  };

  dialler(boost::asio::io_context& context, const settings& with, node_address where, std::uint64_t number);

  /// Once. `on_end` is not called from inside.
  void start(end_handler on_end) { start({}, std::move(on_end)); }
  /// The same with the addresses of the host, which is looked up only if there are none.
  void start(std::vector<boost::asio::ip::tcp::endpoint> known, end_handler on_end);
  /// Ends it without calling the handler. Idempotent.
  void cancel();

  [[nodiscard]] const node_address& where() const noexcept { return where_; }

private:
  using endpoint = boost::asio::ip::tcp::endpoint;

  void begin();
  void look_up();
  void try_next();
  void connect(const endpoint& to);
  void connected(const endpoint& to, const boost::system::error_code& failed);
  void shake_hands(const endpoint& to);
  void ask_again(const endpoint& to);
  [[nodiscard]] bool try_otherwise(const handshake_failure& failed);
  void note(const endpoint& to, int weight, handshake_failure why);
  void end(session_outcome how);

  boost::asio::io_context& context_;
  const settings& with_;
  const node_address where_;
  const std::uint64_t number_;
  std::uint64_t lookup_ = 0;            // the number of the lookup, or 0
  boost::asio::ip::tcp::socket socket_; // being connected
  boost::asio::steady_timer timer_;
  std::shared_ptr<session> session_;
  clock::time_point deadline_;       // of the dial
  clock::time_point share_deadline_; // of the current address
  std::vector<endpoint> endpoints_;
  std::size_t tried_ = 0;
  bool asked_again_ = false;
  bool by_tls_;            // how the current address is dialled
  std::size_t secret_ = 0; // with which
  handshake_failure failure_;
  int weight_ = -1; // of `failure_`
  end_handler on_end_;
  bool ended_ = false;
};

} // namespace registry::inline v0_2
