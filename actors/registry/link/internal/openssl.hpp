#pragma once

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <cstddef>
#include <memory>
#include <string>

namespace registry::inline v0_2 {

/// Frees what OpenSSL has made.
struct free_openssl {
  void operator()(SSL* x) const { SSL_free(x); }
  void operator()(SSL_CTX* x) const { SSL_CTX_free(x); }
  void operator()(SSL_SESSION* x) const { SSL_SESSION_free(x); }
  void operator()(BIO* x) const { BIO_free(x); }
  void operator()(BIO_METHOD* x) const { BIO_meth_free(x); }
  void operator()(X509* x) const { X509_free(x); }
  void operator()(EVP_PKEY* x) const { EVP_PKEY_free(x); }
};

template <class T>
using openssl_ptr = std::unique_ptr<T, free_openssl>;

///@{
/// Bytes as OpenSSL has them.
inline auto* raw(std::byte* x) {
  return reinterpret_cast<unsigned char*>(x);
}
inline auto* raw(const std::byte* x) {
  return reinterpret_cast<const unsigned char*>(x);
}
///@}

/// What this thread's last call of OpenSSL has complained about.
[[nodiscard]] std::string openssl_reason();

/// Reads from and writes to a socket of somebody else, without the signal that OpenSSL's own would raise when the other end has gone.
/// Null if there is no memory.
[[nodiscard]] BIO* socket_bio(int socket);

/// TLS 1.3, without tickets and resumption. Null if OpenSSL refuses.
[[nodiscard]] openssl_ptr<SSL_CTX> make_tls_context();

} // namespace registry::inline v0_2
