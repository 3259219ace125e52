#include <chat/demo/user.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>

#include <istream>
#include <utility>

namespace chat::demo {

namespace asio = boost::asio;
using error_code = boost::system::error_code;

namespace {

constexpr std::chrono::milliseconds retry_pause{50};

} // namespace

user::user(asio::io_context& context, std::string nick, line_handler on_line)
    : socket_(context), retry_(context), nick_(std::move(nick)), on_line_(std::move(on_line)) {}

void user::enter(std::uint16_t port, std::string_view channel) {
  waiting_ = "NICK " + nick_ + "\r\nUSER " + nick_ + " 0 * :A scripted user\r\nJOIN " + std::string{channel} + "\r\n";
  connect(port);
}

void user::connect(std::uint16_t port) {
  asio::ip::tcp::endpoint server{asio::ip::address_v4::loopback(), port};
  socket_.async_connect(server, [self = shared_from_this(), port](const error_code& failed) {
    if (self->closed_)
      return;
    if (failed)
      return self->connect_later(port);
    self->connected_ = true;
    self->write();
    self->read();
  });
}

void user::connect_later(std::uint16_t port) {
  error_code ignored;
  socket_.close(ignored);
  retry_.expires_after(retry_pause);
  retry_.async_wait([self = shared_from_this(), port](const error_code& cancelled) {
    if (!cancelled && !self->closed_)
      self->connect(port);
  });
}

void user::send(std::string line) {
  if (closed_)
    return;
  waiting_ += line + "\r\n";
  if (connected_ && sending_.empty())
    write();
}

void user::write() {
  sending_ = std::exchange(waiting_, {});
  if (sending_.empty())
    return;
  asio::async_write(socket_, asio::buffer(sending_), [self = shared_from_this()](const error_code& failed, std::size_t) {
    self->sending_.clear();
    if (failed)
      self->close();
    else
      self->write();
  });
}

void user::quit(std::string_view farewell) {
  send("QUIT :" + std::string{farewell});
}

void user::close() {
  closed_ = true;
  retry_.cancel();
  error_code ignored;
  socket_.close(ignored);
}

void user::read() {
  asio::async_read_until(socket_, input_, "\r\n", [self = shared_from_this()](const error_code& failed, std::size_t) {
    if (failed)
      return self->close();
    std::string line;
    std::istream in{&self->input_};
    std::getline(in, line);
    line.resize(line.find_last_not_of('\r') + 1);
    if (line.starts_with("PING"))
      self->send("PONG" + line.substr(4));
    else
      self->on_line_(*self, line);
    self->read();
  });
}

} // namespace chat::demo
