#include <registry/link/internal/link_socket.hpp>

#include <cerrno>

#include <sys/socket.h>

namespace registry::inline v0_2 {

namespace {

using status = tls_session::status;

tls_session::outcome outcome_of(ssize_t result, status if_blocked) {
  if (result < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))
    return {if_blocked, 0};
  return result > 0 ? tls_session::outcome{status::done, static_cast<std::size_t>(result)}
                    : tls_session::outcome{status::closed, 0};
}

} // namespace

link_socket::outcome link_socket::read(std::span<std::byte> into) const {
  if (tls_ != nullptr)
    return tls_->read(into);
  return outcome_of(::recv(descriptor_, into.data(), into.size(), MSG_DONTWAIT), status::wants_read);
}

link_socket::outcome link_socket::write(std::span<const std::byte> data) const {
  if (tls_ != nullptr)
    return tls_->write(data);
  return outcome_of(::send(descriptor_, data.data(), data.size(), MSG_NOSIGNAL | MSG_DONTWAIT), status::wants_write);
}

void link_socket::end_writing() const {
  ::shutdown(descriptor_, SHUT_WR);
}

void link_socket::end() const {
  ::shutdown(descriptor_, SHUT_RDWR);
}

} // namespace registry::inline v0_2
