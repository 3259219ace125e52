#include <registry/link/internal/session.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include <span>
#include <utility>

namespace registry::inline v0_2 {

namespace {

namespace asio = boost::asio;
using error_code = boost::system::error_code;

handshake_failure lost(const error_code& failed) {
  return {dial_failure::unreachable, "the connection ended during the handshake: " + failed.message(), true};
}

} // namespace

session::session(asio::ip::tcp::socket socket, handshake talk)
    : socket_(std::move(socket)), timer_(socket_.get_executor()), talk_(std::move(talk)) {}

void session::start(clock::time_point deadline, end_handler on_end) {
  on_end_ = std::move(on_end);
  timer_.expires_at(deadline);
  timer_.async_wait([self = shared_from_this()](const error_code& cancelled) {
    if (!cancelled)
      self->give_up({dial_failure::unreachable, "the handshake took too long"});
  });
  asio::post(timer_.get_executor(), [self = shared_from_this()] { self->go_on(); });
}

void session::go_on() {
  if (ended_)
    return;
  output_ = talk_.take_output();
  if (!output_.empty())
    return write();
  if (talk_.failure())
    return give_up(*talk_.failure());
  if (talk_.succeeded())
    return hand_over();
  read();
}

void session::write() {
  asio::async_write(socket_, asio::buffer(output_), [self = shared_from_this()](const error_code& failed, std::size_t) {
    if (failed)
      self->give_up(lost(failed));
    else
      self->go_on();
  });
}

void session::read() {
  const auto into = asio::buffer(input_.data(), talk_.wanted());
  asio::async_read(socket_, into, [self = shared_from_this()](const error_code& failed, std::size_t size) {
    if (self->ended_)
      return;
    if (failed)
      return self->give_up(lost(failed));
    self->talk_.receive(std::span{self->input_}.first(size));
    self->go_on();
  });
}

void session::hand_over() {
  error_code failed;
  const auto descriptor = socket_.release(failed);
  if (failed)
    return give_up(lost(failed));
  established_link made{talk_.info(), talk_.peer()->node_id, talk_.version(), owned_socket{descriptor}};
  if (end())
    std::exchange(on_end_, {})(*this, std::move(made));
}

void session::give_up(handshake_failure why) {
  // The handshake's own finding comes first: it may have failed before its refusal could be sent.
  if (end())
    std::exchange(on_end_, {})(*this, talk_.failure().value_or(std::move(why)));
}

void session::cancel() {
  if (end())
    on_end_ = {};
}

bool session::end() {
  if (std::exchange(ended_, true))
    return false;
  timer_.cancel();
  error_code ignored;
  socket_.close(ignored);
  return true;
}

} // namespace registry::inline v0_2
