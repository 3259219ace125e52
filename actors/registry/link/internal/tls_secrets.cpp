#include <registry/link/internal/openssl_session.hpp>
#include <registry/link/internal/proof.hpp>
#include <registry/link/internal/tls.hpp>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/sslerr.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

// Pre-shared keys from secrets.

namespace registry::inline v0_2 {

namespace {

constexpr std::size_t key_size = 32;
constexpr std::size_t identity_size = 32; // random bytes, and what the secret makes from them

using key = std::array<std::byte, key_size>;
using identity = std::array<std::byte, identity_size>;

struct psk {
  key of_tls;
  key of_identity;
};

std::optional<psk> derive(const std::string& secret, const std::string& cluster) {
  constexpr std::uint64_t cost = 1U << 14U;
  constexpr std::uint64_t block = 8;
  constexpr std::uint64_t memory = std::uint64_t{64} << 20U;
  const auto salt = "registry, TLS 1.3, cluster " + cluster;
  std::array<std::byte, 2 * key_size> made;
  if (EVP_PBE_scrypt(secret.data(), secret.size(), raw(reinterpret_cast<const std::byte*>(salt.data())), salt.size(), cost,
                     block, 1, memory, raw(made.data()), made.size()) != 1)
    return std::nullopt;
  psk out;
  std::copy_n(made.begin(), key_size, out.of_tls.begin());
  std::copy_n(made.begin() + key_size, key_size, out.of_identity.begin());
  return out;
}

constexpr std::size_t fresh_size = identity_size / 2;

bool complete(identity& x, const psk& by) {
  const auto key = std::string_view{reinterpret_cast<const char*>(by.of_identity.data()), by.of_identity.size()};
  const auto made = hmac_sha_256(key, std::span{x}.first(fresh_size));
  if (made)
    std::copy_n(made->begin(), identity_size - fresh_size, x.begin() + fresh_size);
  return made.has_value();
}

std::optional<identity> make_identity(const psk& of) {
  identity out;
  if (RAND_bytes(raw(out.data()), fresh_size) != 1 || !complete(out, of))
    return std::nullopt;
  return out;
}

bool is_identity_of(std::span<const std::byte> x, const psk& of) {
  identity expected;
  if (x.size() != identity_size)
    return false;
  std::copy_n(x.begin(), fresh_size, expected.begin());
  return complete(expected, of) && same_bytes(x, expected);
}

SSL_SESSION* session_of(const psk& x, SSL* of) {
  constexpr std::array<unsigned char, 2> aes_128_gcm_sha256{0x13, 0x01};
  openssl_ptr<SSL_SESSION> out{SSL_SESSION_new()};
  const auto* cipher = SSL_CIPHER_find(of, aes_128_gcm_sha256.data());
  if (out == nullptr || cipher == nullptr ||
      SSL_SESSION_set1_master_key(out.get(), raw(x.of_tls.data()), x.of_tls.size()) != 1 ||
      SSL_SESSION_set_cipher(out.get(), cipher) != 1 || SSL_SESSION_set_protocol_version(out.get(), TLS1_3_VERSION) != 1)
    return nullptr;
  return out.release();
}

class secret_session final : public openssl_session {
public:
  secret_session(SSL_CTX* context, int socket, const std::vector<psk>& secrets, std::size_t secret)
      : openssl_session(context, socket), secrets_(&secrets), secret_(secret) {}

  bool begin_dialling() {
    auto made = make_identity((*secrets_)[secret_]);
    if (!made)
      return false;
    identity_ = *made;
    SSL_set_connect_state(ssl());
    // Who has another way to prove something, a certificate, has not proved that it knows the secret. No authority is trusted.
    SSL_set_verify(ssl(), SSL_VERIFY_PEER, nullptr);
    return true;
  }
  void begin_accepting() { SSL_set_accept_state(ssl()); }

  [[nodiscard]] std::size_t secret() const override { return secret_; }
  [[nodiscard]] dial_failure meaning() const noexcept override {
    const bool has_certificate = SSL_get_verify_result(ssl()) != X509_V_OK;
    return has_certificate ? dial_failure::wrong_certificate : dial_failure::wrong_secret;
  }

  static int offer(SSL* of, const EVP_MD*, const unsigned char** id, std::size_t* size, SSL_SESSION** out) {
    auto& self = *static_cast<secret_session*>(static_cast<openssl_session*>(SSL_get_app_data(of)));
    *out = session_of((*self.secrets_)[self.secret_], of);
    *id = raw(self.identity_.data());
    *size = self.identity_.size();
    return *out != nullptr ? 1 : 0;
  }

  static int find(SSL* of, const unsigned char* id, std::size_t size, SSL_SESSION** out) {
    auto& self = *static_cast<secret_session*>(static_cast<openssl_session*>(SSL_get_app_data(of)));
    const std::span offered{reinterpret_cast<const std::byte*>(id), size};
    *out = nullptr;
    self.was_offered_one_ = true;
    for (std::size_t i = 0; i < self.secrets_->size(); ++i) {
      if (!is_identity_of(offered, (*self.secrets_)[i]))
        continue;
      self.secret_ = i;
      *out = session_of((*self.secrets_)[i], of);
      return *out != nullptr ? 1 : 0;
    }
    return 1;
  }

protected:
  [[nodiscard]] std::string describe_failure() const override {
    if (ERR_GET_REASON(ERR_peek_last_error()) == SSL_R_CERTIFICATE_VERIFY_FAILED)
      return "it has a certificate, and this node none; give all nodes of the cluster either a secret or certificates";
    if (SSL_is_server(ssl()) == 1 && !was_offered_one_)
      return openssl_reason() +
             "; if the other end has a certificate, give all nodes of the cluster either a secret or certificates";
    return openssl_reason();
  }

private:
  const std::vector<psk>* secrets_;
  std::size_t secret_;
  bool was_offered_one_ = false;
  identity identity_{};
};

class secret_keys final : public tls_keys, public std::enable_shared_from_this<secret_keys> {
public:
  secret_keys(openssl_ptr<SSL_CTX> context, std::vector<psk> secrets)
      : context_(std::move(context)), secrets_(std::move(secrets)) {
    SSL_CTX_set_psk_use_session_callback(context_.get(), secret_session::offer);
    SSL_CTX_set_psk_find_session_callback(context_.get(), secret_session::find);
  }

  std::shared_ptr<tls_session> dial(int socket, std::size_t secret, const std::string&) const override {
    auto made = make(socket, secret);
    return made != nullptr && made->begin_dialling() ? made : nullptr;
  }

  std::shared_ptr<tls_session> accept(int socket) const override {
    auto made = make(socket, 0);
    if (made != nullptr)
      made->begin_accepting();
    return made;
  }

  bool are_for(const std::string&) const override { return true; }

private:
  std::shared_ptr<secret_session> make(int socket, std::size_t secret) const {
    // The session uses the secrets of these keys.
    auto made = std::make_unique<secret_session>(context_.get(), socket, secrets_, secret);
    if (!made->is_ready())
      return nullptr;
    return {made.release(), [keep = shared_from_this()](secret_session* x) { delete x; }};
  }

  openssl_ptr<SSL_CTX> context_;
  std::vector<psk> secrets_;
};

error refused_by_openssl() {
  return {errc::limit_exceeded, "TLS cannot be set up: " + openssl_reason()};
}

} // namespace

result<std::shared_ptr<const tls_keys>> tls_keys::from_secrets(std::span<const std::string> secrets,
                                                               const std::string& cluster) {
  ERR_clear_error();
  std::vector<psk> derived;
  for (const auto& x : secrets) {
    auto made = derive(x, cluster);
    if (!made)
      return refused_by_openssl();
    derived.push_back(*made);
  }
  auto context = make_tls_context();
  if (context == nullptr)
    return refused_by_openssl();
  return std::make_shared<const secret_keys>(std::move(context), std::move(derived));
}

} // namespace registry::inline v0_2
