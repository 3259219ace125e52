#include <registry/link/internal/openssl.hpp>

#include <openssl/err.h>

#include <sys/socket.h>

#include <cerrno>
#include <cstdint>

namespace registry::inline v0_2 {

namespace {

int descriptor_of(BIO* x) {
  return static_cast<int>(reinterpret_cast<std::intptr_t>(BIO_get_data(x)));
}

bool must_wait() {
  return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

int send_some(BIO* to, const char* data, int size) {
  BIO_clear_retry_flags(to);
  const auto done = ::send(descriptor_of(to), data, static_cast<std::size_t>(size), MSG_NOSIGNAL | MSG_DONTWAIT);
  if (done < 0 && must_wait())
    BIO_set_retry_write(to);
  return static_cast<int>(done);
}

int receive_some(BIO* from, char* into, int size) {
  BIO_clear_retry_flags(from);
  const auto got = ::recv(descriptor_of(from), into, static_cast<std::size_t>(size), MSG_DONTWAIT);
  if (got < 0 && must_wait())
    BIO_set_retry_read(from);
  return static_cast<int>(got);
}

long control(BIO*, int command, long, void*) {
  return command == BIO_CTRL_FLUSH ? 1 : 0;
}

const BIO_METHOD* socket_method() {
  static const openssl_ptr<BIO_METHOD> method = [] {
    openssl_ptr<BIO_METHOD> made{BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "socket without signals")};
    if (made != nullptr) {
      BIO_meth_set_write(made.get(), send_some);
      BIO_meth_set_read(made.get(), receive_some);
      BIO_meth_set_ctrl(made.get(), control);
    }
    return made;
  }();
  return method.get();
}

} // namespace

std::string openssl_reason() {
  const auto code = ERR_peek_last_error();
  const char* text = code == 0 ? nullptr : ERR_reason_error_string(code);
  return text == nullptr ? "an unknown reason" : text;
}

BIO* socket_bio(int socket) {
  auto* out = socket_method() == nullptr ? nullptr : BIO_new(socket_method());
  if (out != nullptr) {
    BIO_set_data(out, reinterpret_cast<void*>(static_cast<std::intptr_t>(socket)));
    BIO_set_init(out, 1);
  }
  return out;
}

openssl_ptr<SSL_CTX> make_tls_context() {
  openssl_ptr<SSL_CTX> out{SSL_CTX_new(TLS_method())};
  if (out == nullptr)
    return out;
  auto* x = out.get();
  SSL_CTX_set_min_proto_version(x, TLS1_3_VERSION);
  SSL_CTX_set_mode(x, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_options(x, SSL_OP_NO_TICKET | SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
  SSL_CTX_set_session_cache_mode(x, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_num_tickets(x, 0);
  if (SSL_CTX_set_ciphersuites(x, "TLS_AES_128_GCM_SHA256:TLS_CHACHA20_POLY1305_SHA256") != 1)
    out.reset();
  return out;
}

} // namespace registry::inline v0_2
