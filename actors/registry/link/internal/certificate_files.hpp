#pragma once

#include <registry/link/internal/openssl.hpp>
#include <registry/link/internal/tls.hpp>

#include <array>
#include <cstdint>
#include <string>
#include <variant>

namespace registry::inline v0_2 {

/// Tells whether files have changed: of each its device, its number, its size and the time of its last change; zero if it is not there.
using file_stamps = std::array<std::array<std::int64_t, 5>, 3>;
[[nodiscard]] file_stamps stamps_of(const tls_files& files);

/// What the files hold, ready for use.
struct loaded_certificates {
  openssl_ptr<SSL_CTX> context;
  openssl_ptr<X509> certificate;
};
[[nodiscard]] std::variant<loaded_certificates, tls_file_fault> load_certificates(const tls_files& files);

/// Until when it is valid: `2026-11-29 21:00:00 UTC`.
[[nodiscard]] std::string end_of(const X509* certificate);

/// Whether one of its subject alternative names is this host. The number of an address needs no brackets, and its zone does not count.
[[nodiscard]] bool is_for(const openssl_ptr<X509>& certificate, const std::string& host);

/// From now on a session accepts only certificates for this host.
[[nodiscard]] bool expect_host(SSL* session, const std::string& host);

} // namespace registry::inline v0_2
