#include <apps/chat/support/socket_user.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/write.hpp>

#include <poll.h>

#include <array>
#include <stdexcept>

namespace chat::testing {

namespace asio = boost::asio;
using error_code = boost::system::error_code;

namespace {

server_options on_any_port(server_options options) {
  options.listen.port = 0;
  return options;
}

} // namespace

running_server::running_server(server_options options)
    : home(registry::node::start(system).value()),
      server(chat::server::start(home, on_any_port(std::move(options))).value()) {}

running_server::~running_server() {
  server->stop();
  home.stop();
}

void running_server::flush() const {
  server->shared().channels.flush();
  server->shared().topics.flush();
}

socket_user::socket_user(const running_server& where, const std::string& address) {
  socket_.connect({asio::ip::make_address(address), where.port()});
}

socket_user::socket_user(const std::string& host, std::uint16_t port) {
  const auto connects = [&] {
    error_code failed;
    socket_.close(failed);
    socket_.connect({asio::ip::make_address(host), port}, failed);
    return !failed;
  };
  if (!eventually(connects))
    throw std::runtime_error("nobody listens on " + host + ":" + std::to_string(port));
}

socket_user::socket_user(const running_server& where, const std::string& nick, const std::vector<std::string>& channels)
    : socket_user(where) {
  log_in(nick);
  for (const auto& channel : channels)
    join(channel);
}

void socket_user::send(std::string_view line) {
  send_bytes(std::string{line} + "\r\n");
}

bool socket_user::send_bytes(std::string_view bytes) {
  error_code failed;
  asio::write(socket_, asio::buffer(bytes), failed);
  return !failed;
}

std::optional<std::string> socket_user::next() {
  for (;;) {
    if (auto end = input_.find("\r\n"); end != std::string::npos) {
      auto line = input_.substr(0, end);
      input_.erase(0, end + 2);
      return line;
    }
    pollfd readable{socket_.native_handle(), POLLIN, 0};
    if (poll(&readable, 1, 60'000) == 0)
      throw std::runtime_error("no line came for a minute");
    std::array<char, 4096> chunk{};
    error_code failed;
    auto size = socket_.read_some(asio::buffer(chunk), failed);
    if (failed)
      return std::nullopt;
    input_.append(chunk.data(), size);
  }
}

void socket_user::reset() {
  socket_.set_option(asio::socket_base::linger{true, 0});
  socket_.close();
}

void socket_user::close() {
  socket_.close();
}

} // namespace chat::testing
