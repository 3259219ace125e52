#include <registry/link/internal/openssl_session.hpp>

#include <openssl/err.h>

#include <algorithm>
#include <limits>

namespace registry::inline v0_2 {

namespace {

constexpr std::size_t most = std::numeric_limits<int>::max();
constexpr std::size_t most_read_ahead = std::size_t{64} << 10;

} // namespace

openssl_session::openssl_session(SSL_CTX* context, int socket) : ssl_(SSL_new(context)) {
  if (ssl_ == nullptr)
    return;
  auto* bio = socket_bio(socket);
  if (bio == nullptr) {
    ssl_.reset();
    return;
  }
  SSL_set_bio(ssl_.get(), bio, bio);
  SSL_set_app_data(ssl_.get(), this);
}

tls_session::status openssl_session::shake_hands() {
  ERR_clear_error();
  const auto result = SSL_do_handshake(ssl_.get());
  return result == 1 ? status::done : judge(result);
}

tls_session::outcome openssl_session::read(std::span<std::byte> into) {
  ERR_clear_error();
  const auto result = SSL_read(ssl_.get(), into.data(), static_cast<int>(std::min(into.size(), most)));
  return result > 0 ? outcome{status::done, static_cast<std::size_t>(result)} : outcome{judge(result), 0};
}

tls_session::outcome openssl_session::write(std::span<const std::byte> data) {
  ERR_clear_error();
  const auto result = SSL_write(ssl_.get(), data.data(), static_cast<int>(std::min(data.size(), most)));
  return result > 0 ? outcome{status::done, static_cast<std::size_t>(result)} : outcome{judge(result), 0};
}

void openssl_session::read_ahead() {
  SSL_set_default_read_buffer_len(ssl_.get(), most_read_ahead);
  SSL_set_read_ahead(ssl_.get(), 1);
}

tls_session::status openssl_session::judge(int result) {
  switch (SSL_get_error(ssl_.get(), result)) {
  case SSL_ERROR_WANT_READ:
    return status::wants_read;
  case SSL_ERROR_WANT_WRITE:
    return status::wants_write;
  case SSL_ERROR_ZERO_RETURN:
  case SSL_ERROR_SYSCALL:
    return status::closed;
  default:
    if (ERR_GET_REASON(ERR_peek_last_error()) == SSL_R_UNEXPECTED_EOF_WHILE_READING)
      return status::closed;
    failure_ = describe_failure();
    return status::failed;
  }
}

} // namespace registry::inline v0_2
