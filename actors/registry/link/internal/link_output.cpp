#include <registry/link/internal/link_output.hpp>

#include <utility>

namespace registry::inline v0_2 {

namespace {

using status = tls_session::status;

// How much is taken from what waits at once: what is urgent waits behind no more.
constexpr std::size_t most_ahead = std::size_t{32} << 10;
// Memory that is kept for the next message.
constexpr std::size_t most_spare = std::size_t{1} << 20;

} // namespace

link_output::link_output(link_socket socket, format how, std::size_t most_waiting)
    : socket_(std::move(socket)), format_(how), most_waiting_(most_waiting), writer_(socket_.is_plain()) {}

void link_output::put_basp(bytes data) {
  const std::lock_guard guard(lock_);
  if (finished_ || ended_)
    return;
  if (format_ == format::records)
    writer_.put_basp(data);
  else
    out_.insert(out_.end(), data.begin(), data.end());
}

void link_output::put_frame(std::uint64_t stream, std::vector<std::byte> content) {
  const std::lock_guard guard(lock_);
  if (!finished_ && !ended_)
    writer_.put_frame(stream, std::move(content));
}

void link_output::put_heartbeat(std::vector<std::byte> content) {
  const std::lock_guard guard(lock_);
  if (!finished_ && !ended_)
    writer_.put_heartbeat(std::move(content));
}

bool link_output::fits() const {
  const std::lock_guard guard(lock_);
  return out_.size() - sent_ + writer_.waiting() <= most_waiting_;
}

link_output::immediate link_output::write_at_once(std::uint64_t stream, std::vector<std::byte>& content) {
  if (content.size() > longest_piece)
    return immediate::refused;
  const std::unique_lock guard(lock_, std::try_to_lock);
  if (!guard.owns_lock() || finished_ || ended_ || sent_ < out_.size() || writer_.has_more())
    return immediate::refused;
  writer_.put_frame(stream, std::move(content));
  fill();
  const auto done = socket_.write(out_);
  switch (done.how) {
  case status::done:
    sent_ += done.size;
    return sent_ == out_.size() ? immediate::sent : immediate::begun;
  case status::wants_write:
    return immediate::begun;
  case status::wants_read:
    awaits_read_ = true;
    return immediate::begun;
  default:
    drop();
    socket_.end();
    return immediate::sent;
  }
}

link_output::progress link_output::write() {
  for (;;) {
    const std::lock_guard guard(lock_);
    if (sent_ == out_.size())
      fill();
    if (out_.empty()) {
      if (finished_)
        socket_.end_writing();
      return progress::done;
    }
    const auto done = socket_.write(bytes{out_}.subspan(sent_));
    if (done.how == status::wants_write)
      return progress::wants_writable;
    if (done.how == status::wants_read) {
      awaits_read_ = true;
      return progress::wants_readable;
    }
    if (done.how != status::done)
      return progress::failed;
    sent_ += done.size;
  }
}

/// Everything in `out_` has been sent.
void link_output::fill() {
  out_.clear();
  sent_ = 0;
  if (out_.capacity() > most_spare)
    std::vector<std::byte>{}.swap(out_);
  writer_.write(out_, most_ahead);
}

link_output::outcome link_output::read(std::span<std::byte> into) {
  if (is_plain())
    return socket_.read(into);
  const std::lock_guard guard(lock_);
  return socket_.read(into);
}

bool link_output::has_pending() const {
  if (is_plain())
    return false;
  const std::lock_guard guard(lock_);
  return socket_.has_pending();
}

std::string link_output::failure() const {
  const std::lock_guard guard(lock_);
  return socket_.failure();
}

void link_output::finish() {
  const std::lock_guard guard(lock_);
  if (!std::exchange(finished_, true) && !ended_ && sent_ == out_.size() && !writer_.has_more())
    socket_.end_writing();
}

void link_output::end() {
  const std::lock_guard guard(lock_);
  drop();
  socket_.end();
}

void link_output::drop() noexcept {
  ended_ = true;
  out_.clear();
  sent_ = 0;
  writer_.clear();
}

} // namespace registry::inline v0_2
