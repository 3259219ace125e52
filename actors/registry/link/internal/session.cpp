#include <registry/link/internal/session.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include <cerrno>
#include <span>
#include <utility>

#include <sys/socket.h>

namespace registry::inline v0_2 {

namespace {

namespace asio = boost::asio;
using error_code = boost::system::error_code;

constexpr int most_unread = 16;

handshake_failure lost(const error_code& failed) {
  return {dial_failure::unreachable, "the connection ended during the handshake: " + failed.message(), true};
}

/// The system resets a connection with unread bytes when it is closed, and with it goes what TLS has said last.
void take_leave(asio::ip::tcp::socket& socket) {
  ::shutdown(socket.native_handle(), SHUT_WR);
  std::array<std::byte, 4096> unread{};
  for (int i = 0; i < most_unread && ::recv(socket.native_handle(), unread.data(), unread.size(), MSG_DONTWAIT) > 0; ++i) {
  }
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
  asio::post(timer_.get_executor(), [self = shared_from_this()] { self->begin(); });
}

std::string session::proven_name() const {
  if (!is_proven())
    return {};
  return label_of(peer()->self, peer()->advertised, peer()->name) + ": ";
}

bool session::use_tls(const tls_keys& keys, std::size_t secret, const std::string& host) {
  tls_ = keys.dial(socket_.native_handle(), secret, host);
  return tls_ != nullptr;
}

void session::begin() {
  if (tls_ != nullptr)
    return secure();
  if (accepts_by_ != nullptr)
    return wait(wait_type::wait_read, &session::look_at_first_byte);
  go_on();
}

void session::wait(wait_type what, step then) {
  socket_.async_wait(what, [self = shared_from_this(), then](const error_code& failed) {
    if (self->ended_)
      return;
    if (failed)
      self->give_up(lost(failed));
    else
      (self.get()->*then)();
  });
}

/// TLS begins with another byte than our hello.
void session::look_at_first_byte() {
  std::byte first{};
  const auto got = ::recv(socket_.native_handle(), &first, 1, MSG_PEEK | MSG_DONTWAIT);
  if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))
    return wait(wait_type::wait_read, &session::look_at_first_byte);
  if (got == 1 && first == tls_first_byte) {
    tls_ = accepts_by_->accept(socket_.native_handle());
    return tls_ != nullptr ? secure() : give_up({dial_failure::unreachable, "this node cannot begin TLS"});
  }
  if (must_encrypt_)
    talk_.refuse_plain();
  go_on();
}

// -- TLS ----------------------------------------------------------------------------------------------------------------------

void session::secure() {
  const auto how = tls_->shake_hands();
  if (how == tls_session::status::done)
    go_on();
  else if (how == tls_session::status::failed)
    end_of_tls(how);
  else if (!must_wait(how, &session::secure))
    give_up(end_of_new_tls());
}

/// The peer has hung up, and has not said why.
handshake_failure session::end_of_new_tls() const {
  if (accepts_by_ != nullptr)
    return {dial_failure::unreachable, "it hung up when TLS began", true};
  return {dial_failure::hung_up,
          "it hung up when TLS began: no node runs there, if that is the address of a proxy or a balancer; otherwise its "
          "encryption is none, or its protocol version 1",
          true};
}

/// Whether it will call this step again; otherwise the connection has ended.
bool session::must_wait(tls_session::status how, step then) {
  if (how != tls_session::status::wants_read && how != tls_session::status::wants_write)
    return false;
  wait(how == tls_session::status::wants_read ? wait_type::wait_read : wait_type::wait_write, then);
  return true;
}

void session::write_by_tls() {
  while (written_ < output_.size()) {
    const auto done = tls_->write(std::span{output_}.subspan(written_));
    if (done.how == tls_session::status::done)
      written_ += done.size;
    else if (must_wait(done.how, &session::write_by_tls))
      return;
    else
      return end_of_tls(done.how);
  }
  go_on();
}

void session::read_by_tls() {
  while (got_ < talk_.wanted()) {
    const auto got = tls_->read(std::span{input_}.subspan(got_, talk_.wanted() - got_));
    if (got.how == tls_session::status::done)
      got_ += got.size;
    else if (must_wait(got.how, &session::read_by_tls))
      return;
    else
      return end_of_tls(got.how);
  }
  take(got_);
}

/// An end that refuses a certificate says so after the other one has begun to talk.
void session::end_of_tls(tls_session::status how) {
  std::array<std::byte, 1> rest{};
  if (how == tls_session::status::closed)
    how = tls_->read(rest).how;
  if (how != tls_session::status::failed)
    return give_up({dial_failure::unreachable, "the connection ended during the handshake", true});
  const auto about_clusters = tls_->meaning() == dial_failure::wrong_secret ? "or the names of their clusters: " : "";
  give_up({tls_->meaning(), about_clusters + ("TLS: " + tls_->failure())});
}

// -- the handshake ------------------------------------------------------------------------------------------------------------

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
  written_ = 0;
  if (tls_ != nullptr)
    return write_by_tls();
  asio::async_write(socket_, asio::buffer(output_), [self = shared_from_this()](const error_code& failed, std::size_t) {
    if (failed)
      self->give_up(lost(failed));
    else
      self->go_on();
  });
}

void session::read() {
  got_ = 0;
  if (tls_ != nullptr)
    return read_by_tls();
  const auto into = asio::buffer(input_.data(), talk_.wanted());
  asio::async_read(socket_, into, [self = shared_from_this()](const error_code& failed, std::size_t size) {
    if (self->ended_)
      return;
    if (failed)
      return self->give_up(lost(failed));
    self->take(size);
  });
}

void session::take(std::size_t size) {
  talk_.receive(std::span{input_}.first(size));
  go_on();
}

void session::hand_over() {
  error_code failed;
  const auto descriptor = socket_.release(failed);
  if (failed)
    return give_up(lost(failed));
  established_link made{talk_.info(), talk_.peer()->node_id, talk_.version(), owned_socket{descriptor}, std::move(tls_)};
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
  if (tls_ != nullptr)
    take_leave(socket_);
  error_code ignored;
  socket_.close(ignored);
  return true;
}

} // namespace registry::inline v0_2
