#include <chat/transport/connection.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>

#include <utility>

namespace chat {

namespace {

namespace asio = boost::asio;
using error_code = boost::system::error_code;

/// An IPv6 address may begin with a colon, which would make it something else in a line.
std::string address_of(const asio::ip::tcp::socket& socket) {
  error_code failed;
  auto peer = socket.remote_endpoint(failed);
  if (failed)
    return "unknown";
  auto text = peer.address().to_string();
  return text.starts_with(':') ? "0" + text : text;
}

std::string_view reason_of(const error_code& failed) {
  if (failed == asio::error::eof)
    return "Connection closed";
  if (failed == asio::error::connection_reset || failed == asio::error::broken_pipe)
    return "Connection reset by peer";
  return "Connection lost";
}

} // namespace

connection::connection(std::shared_ptr<asio::io_context> context, asio::ip::tcp::socket socket,
                       const connection_limits& limits)
    : context_(std::move(context)),
      socket_(std::move(socket)),
      linger_(*context_),
      limits_(limits),
      remote_host_(address_of(socket_)) {
  error_code ignored;
  socket_.set_option(asio::ip::tcp::no_delay{true}, ignored);
}

void connection::start(connection_handlers handlers) {
  handlers_ = std::move(handlers);
  read();
}

// Goes on when the connection is closing, and drops what it reads: closing a socket with unread input would reset the
// connection, and what was sent last might be lost on the way.
void connection::read() {
  if (ended_ || std::exchange(reading_, true))
    return;
  socket_.async_read_some(asio::buffer(chunk_), [self = shared_from_this()](const error_code& failed, std::size_t size) {
    self->reading_ = false;
    if (failed)
      return self->end(reason_of(failed));
    self->input_.append({self->chunk_.data(), size});
    self->deliver();
  });
}

void connection::deliver() {
  while (!ended_) {
    auto line = std::optional<irc::input_line>{};
    {
      std::lock_guard guard{mutex_};
      stalled_ = !closing_ && unprocessed_ >= limits_.unprocessed_lines;
      if (stalled_)
        return;
      line = input_.next();
      if (line && closing_)
        continue;
      unprocessed_ += line ? 1 : 0;
    }
    if (!line)
      return read();
    handlers_.on_line(*std::move(line));
  }
}

void connection::acknowledge() {
  std::lock_guard guard{mutex_};
  --unprocessed_;
  if (std::exchange(stalled_, false))
    asio::post(*context_, [self = shared_from_this()] { self->deliver(); });
}

void connection::write(std::string_view line) {
  std::lock_guard guard{mutex_};
  if (closing_)
    return;
  const auto overflow = in_flight_ + output_.size() + line.size() + 2 > limits_.send_queue;
  if (overflow) {
    closing_ = true;
  } else {
    output_.append(line).append("\r\n");
    if (std::exchange(flushing_, true))
      return;
  }
  asio::post(*context_, [self = shared_from_this(), overflow] {
    if (overflow)
      self->end("SendQ exceeded");
    else
      self->flush();
  });
}

void connection::flush() {
  if (ended_)
    return;
  auto done = false;
  {
    std::lock_guard guard{mutex_};
    sending_ = std::exchange(output_, {}); // an idle connection holds no memory for output
    in_flight_ = sending_.size();
    if (sending_.empty()) {
      flushing_ = false;
      done = closing_;
    }
  }
  if (done)
    return shut_down();
  if (sending_.empty())
    return;
  asio::async_write(socket_, asio::buffer(sending_), [self = shared_from_this()](const error_code& failed, std::size_t) {
    if (failed)
      self->end(reason_of(failed));
    else
      self->flush();
  });
}

void connection::close() {
  std::lock_guard guard{mutex_};
  if (!std::exchange(closing_, true))
    asio::post(*context_, [self = shared_from_this()] { self->linger(); });
}

void connection::linger() {
  if (ended_)
    return;
  linger_.expires_after(limits_.linger);
  linger_.async_wait([self = shared_from_this()](const error_code& cancelled) {
    if (!cancelled)
      self->end("Closed");
  });
  {
    std::lock_guard guard{mutex_};
    if (std::exchange(flushing_, true))
      return; // the write under way goes on to shut down
  }
  flush();
}

void connection::shut_down() {
  error_code ignored;
  socket_.shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
  deliver();
}

void connection::end(std::string_view reason) {
  if (std::exchange(ended_, true))
    return;
  {
    std::lock_guard guard{mutex_};
    closing_ = true;
    stalled_ = false;
    output_ = {};
  }
  linger_.cancel();
  error_code ignored;
  socket_.close(ignored);
  auto handlers = std::move(handlers_);
  handlers_ = {};
  if (handlers.on_end)
    handlers.on_end(reason);
}

} // namespace chat
