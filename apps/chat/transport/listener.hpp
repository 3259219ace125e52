#pragma once

#include <chat/transport/connection.hpp>

#include <registry/error/error.hpp>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <unordered_set>
#include <vector>

namespace chat {

/// The addresses to listen on, and the number of clients to serve.
struct listener_options {
  /// Addresses or host names; each is listened on under all the addresses, of IPv4 and IPv6, that it stands for.
  std::vector<std::string> hosts{"127.0.0.1"};
  /// 0 lets the system choose one, the same for all hosts.
  std::uint16_t port = 6667;
  std::size_t max_connections = 10'000;
  connection_limits limits;
};

/// Accepts clients. One thread of its own does all the I/O of the server.
class listener {
public:
  /// Called on the I/O thread for each new connection; what it returns gets the connection's reports.
  using accept_handler = std::function<connection_handlers(const std::shared_ptr<connection>&)>;

  /// Binds and begins to accept. The error says which address could not be had and why.
  static registry::result<std::unique_ptr<listener>> open(const listener_options& options, accept_handler on_accept);

  listener(const listener&) = delete;
  listener& operator=(const listener&) = delete;
  /// Stops.
  ~listener();

  /// The port that is listened on.
  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
  /// `address:port` of all that is listened on.
  [[nodiscard]] const std::vector<std::string>& addresses() const noexcept { return addresses_; }

  /// Accepts no more; when it returns, every accepted connection has been passed on. Any thread but the I/O thread.
  void stop_accepting();
  /// Accepts no more and waits until every connection has ended; after their linger time ends those that are left. Idempotent.
  /// Any thread but the I/O thread.
  void stop();

private:
  struct door;
  using door_list = std::vector<std::shared_ptr<door>>;

  listener(const listener_options& options, accept_handler on_accept);
  registry::result<void> bind();
  void admit(boost::asio::ip::tcp::socket socket);
  void admit_all(const std::shared_ptr<door>& from);
  void admit_later(const std::shared_ptr<door>& from);
  void close_doors();
  void end_soon();
  void end_all();

  const listener_options options_;
  accept_handler on_accept_;
  std::shared_ptr<boost::asio::io_context> context_;
  // Until `stop`, even while there is neither a door nor a connection: else `stop_accepting` would wait for a thread that has ended.
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
  boost::asio::steady_timer deadline_; // of the connections that are left when stopping
  door_list doors_;
  std::uint16_t port_ = 0;
  std::vector<std::string> addresses_;
  std::unordered_set<std::shared_ptr<connection>> connections_; // I/O thread
  bool stopping_ = false;                                       // I/O thread
  std::thread thread_;
};

} // namespace chat
