#include <registry/link/internal/sockets.hpp>

#include <registry/link/internal/owned_socket.hpp>

#include <boost/asio/ip/v6_only.hpp>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <limits>

namespace registry::inline v0_2 {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using error_code = boost::system::error_code;

error_code last_error() {
  return {errno, boost::system::system_category()};
}

template <class Socket>
error_code open(Socket& socket, const tcp& protocol) {
  owned_socket made{::socket(protocol.family(), SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_TCP)};
  if (!made)
    return last_error();
  error_code failed;
  socket.assign(protocol, made.descriptor(), failed);
  if (!failed)
    (void)made.release();
  return failed;
}

} // namespace

error_code open_socket(tcp::socket& socket, const tcp& protocol) {
  return open(socket, protocol);
}

error_code open_acceptor(tcp::acceptor& acceptor, const tcp::endpoint& where) {
  auto failed = open(acceptor, where.protocol());
  if (!failed)
    acceptor.set_option(tcp::acceptor::reuse_address{true}, failed);
  if (!failed && where.address().is_v6())
    acceptor.set_option(asio::ip::v6_only{true}, failed);
  if (!failed)
    acceptor.bind(where, failed);
  if (!failed)
    acceptor.listen(asio::socket_base::max_listen_connections, failed);
  return failed;
}

error_code accept_socket(tcp::acceptor& acceptor, tcp::socket& socket, tcp::endpoint& from) {
  auto size = static_cast<socklen_t>(from.capacity());
  owned_socket taken{::accept4(acceptor.native_handle(), from.data(), &size, SOCK_CLOEXEC | SOCK_NONBLOCK)};
  if (!taken)
    return last_error();
  from.resize(size);
  error_code failed;
  socket.assign(from.protocol(), taken.descriptor(), failed);
  if (!failed)
    (void)taken.release();
  return failed;
}

void set_link_options(tcp::socket& socket, std::chrono::milliseconds user_timeout) {
  constexpr std::chrono::milliseconds longest{std::numeric_limits<int>::max()};
  const auto timeout = static_cast<int>(std::min(user_timeout, longest).count());
  // None of them can fail on a TCP socket of Linux; without them the link would still work.
  error_code ignored;
  socket.set_option(tcp::no_delay{true}, ignored);
  socket.set_option(asio::socket_base::keep_alive{true}, ignored);
  ::setsockopt(socket.native_handle(), IPPROTO_TCP, TCP_USER_TIMEOUT, &timeout, sizeof timeout);
}

std::optional<std::chrono::milliseconds> silence_of(int descriptor) {
  tcp_info info{};
  socklen_t size = sizeof info;
  if (::getsockopt(descriptor, IPPROTO_TCP, TCP_INFO, &info, &size) != 0)
    return std::nullopt;
  return std::chrono::milliseconds{info.tcpi_last_data_recv};
}

void reset(tcp::socket& socket) {
  error_code ignored;
  socket.set_option(asio::socket_base::linger{true, 0}, ignored);
  socket.close(ignored);
}

bool is_its_own_peer(const tcp::socket& socket) {
  error_code failed;
  const auto local = socket.local_endpoint(failed);
  if (failed)
    return false;
  const auto remote = socket.remote_endpoint(failed);
  return !failed && local == remote;
}

} // namespace registry::inline v0_2
