#pragma once

#include <registry/error/error.hpp>
#include <registry/membership/address.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

namespace registry::inline v0_2 {

/// Accepts connections at all addresses of a host. After a failure to accept, for lack of descriptors for example, it pauses
/// and goes on. I/O thread only, once the context runs.
class listener {
public:
  using accept_handler =
      std::function<void(boost::asio::ip::tcp::socket socket, const boost::asio::ip::tcp::endpoint& from)>;

  /// Binds. Port 0 lets the system choose one, the same for all addresses. `errc::invalid_argument` names the unavailable
  /// address.
  static result<std::unique_ptr<listener>> open(boost::asio::io_context& context, const node_address& where);

  /// Starts to accept. Once.
  void start(accept_handler on_accept);
  /// Stops accepting. Idempotent. Afterwards the context may run, and the listener may be destroyed.
  void close();

  [[nodiscard]] std::uint16_t port() const noexcept { return endpoints_.front().port(); }
  /// The addresses it listens on; at least one.
  [[nodiscard]] const std::vector<boost::asio::ip::tcp::endpoint>& endpoints() const noexcept { return endpoints_; }

private:
  struct door;
  using doors = std::vector<std::shared_ptr<door>>;

  explicit listener(doors opened);
  static boost::system::error_code open_all(boost::asio::io_context& context,
                                            std::vector<boost::asio::ip::tcp::endpoint> where, doors& opened);

  doors doors_;
  std::vector<boost::asio::ip::tcp::endpoint> endpoints_;
};

} // namespace registry::inline v0_2
