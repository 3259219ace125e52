#include <link/raw_peer.hpp>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <cerrno>
#include <stdexcept>
#include <string>
#include <system_error>

namespace registry::testing {

namespace {

using boost::asio::ip::tcp;

constexpr std::chrono::minutes patience{1};

tcp::endpoint endpoint_of(const std::string& host, std::uint16_t port) {
  return {boost::asio::ip::make_address(host), port};
}

void check(int outcome) {
  if (outcome < 0)
    throw std::system_error(errno, std::generic_category());
}

owned_socket make_socket(int family) {
  owned_socket made{::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  check(made.descriptor());
  return made;
}

void bind_to(const owned_socket& socket, const tcp::endpoint& where) {
  check(::bind(socket.descriptor(), where.data(), static_cast<socklen_t>(where.size())));
}

void limit_waiting(const owned_socket& socket, std::chrono::milliseconds time) {
  const timeval limit{time.count() / 1000, time.count() % 1000 * 1000};
  check(::setsockopt(socket.descriptor(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit));
  check(::setsockopt(socket.descriptor(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit));
}

} // namespace

byte_string bytes_of(std::string_view text) {
  const auto bytes = std::as_bytes(std::span{text});
  return {bytes.begin(), bytes.end()};
}

raw_peer::raw_peer(owned_socket socket) : socket_(std::move(socket)) {
  be_patient(patience);
}

raw_peer::raw_peer(const node_address& where, const char* from)
    : raw_peer(make_socket(endpoint_of(where.host, 0).protocol().family())) {
  if (from != nullptr)
    bind_to(socket_, endpoint_of(from, 0));
  connect(where);
}

raw_peer::raw_peer() : raw_peer(make_socket(AF_INET)) {}

void raw_peer::connect(const node_address& where) const {
  const auto to = endpoint_of(where.host, where.port);
  const int outcome = ::connect(socket_.descriptor(), to.data(), static_cast<socklen_t>(to.size()));
  check(outcome < 0 && errno == ECONNRESET ? 0 : outcome); // it was connected, and closed again at once
}

void raw_peer::be_patient(std::chrono::milliseconds time) const {
  limit_waiting(socket_, time);
}

bool raw_peer::is_silent(std::chrono::milliseconds time) const {
  be_patient(time);
  std::byte one{};
  const bool silent = ::recv(socket_.descriptor(), &one, 1, MSG_PEEK) < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
  be_patient(patience);
  return silent;
}

void raw_peer::send(std::span<const std::byte> data) const {
  while (!data.empty()) {
    const auto sent = ::send(socket_.descriptor(), data.data(), data.size(), MSG_NOSIGNAL);
    if (sent <= 0)
      return;
    data = data.subspan(static_cast<std::size_t>(sent));
  }
}

byte_string raw_peer::receive(std::size_t size) const {
  byte_string all(size);
  std::size_t have = 0;
  while (have < size) {
    const auto got = ::recv(socket_.descriptor(), all.data() + have, size - have, 0);
    if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
      throw std::runtime_error("nothing came for a minute");
    if (got <= 0)
      break;
    have += static_cast<std::size_t>(got);
  }
  all.resize(have);
  return all;
}

byte_string raw_peer::shake_hands(handshake& talk) const {
  byte_string sent;
  for (;;) {
    const auto out = talk.take_output();
    send(out);
    sent.insert(sent.end(), out.begin(), out.end());
    if (talk.wanted() == 0)
      return sent;
    const auto in = receive(talk.wanted());
    if (in.size() != talk.wanted())
      return sent;
    talk.receive(in);
  }
}

closed_port::closed_port() : socket_(make_socket(AF_INET)) {
  bind_to(socket_, endpoint_of("127.0.0.1", 0));
}

node_address closed_port::where() const {
  tcp::endpoint bound;
  auto size = static_cast<socklen_t>(bound.capacity());
  check(::getsockname(socket_.descriptor(), bound.data(), &size));
  return {"127.0.0.1", bound.port()};
}

raw_listener::raw_listener() {
  limit_waiting(socket(), patience);
  check(::listen(socket().descriptor(), 16));
}

raw_peer raw_listener::accept() const {
  owned_socket taken{::accept4(socket().descriptor(), nullptr, nullptr, SOCK_CLOEXEC)};
  check(taken.descriptor());
  return raw_peer{std::move(taken)};
}

} // namespace registry::testing
