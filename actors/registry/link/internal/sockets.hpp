#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/system/error_code.hpp>

#include <chrono>
#include <optional>

namespace registry::inline v0_2 {

/// A socket that is non-blocking and closed on exec from the start, which Asio's own are not.
[[nodiscard]] boost::system::error_code open_socket(boost::asio::ip::tcp::socket& socket,
                                                    const boost::asio::ip::tcp& protocol);

/// Binds and listens. An acceptor of IPv6 does not accept IPv4.
[[nodiscard]] boost::system::error_code open_acceptor(boost::asio::ip::tcp::acceptor& acceptor,
                                                      const boost::asio::ip::tcp::endpoint& where);

/// Takes the next connection, without waiting: `would_block` if there is none. Like `open_socket`.
[[nodiscard]] boost::system::error_code accept_socket(boost::asio::ip::tcp::acceptor& acceptor,
                                                      boost::asio::ip::tcp::socket& socket,
                                                      boost::asio::ip::tcp::endpoint& from);

/// Sends small messages at once and notices when the other host is gone.
void set_link_options(boost::asio::ip::tcp::socket& socket, std::chrono::milliseconds user_timeout);

/// How long no bytes have come, whether somebody has read them or not; nothing if the system does not say.
[[nodiscard]] std::optional<std::chrono::milliseconds> silence_of(int descriptor);

/// Closes so that nothing remains of it, not even for a while.
void reset(boost::asio::ip::tcp::socket& socket);

/// Whether it is connected to itself: a dial to a local port without a listener may be given that very port.
[[nodiscard]] bool is_its_own_peer(const boost::asio::ip::tcp::socket& socket);

} // namespace registry::inline v0_2
