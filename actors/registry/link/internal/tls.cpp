#include <registry/link/internal/tls.hpp>

#include <registry/link/internal/proof.hpp>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>

namespace registry::inline v0_2 {

namespace {

constexpr std::size_t key_size = 32;
constexpr std::size_t identity_size = 32; // random bytes, and what the secret makes from them

struct free_openssl {
  void operator()(SSL* x) const { SSL_free(x); }
  void operator()(SSL_CTX* x) const { SSL_CTX_free(x); }
  void operator()(SSL_SESSION* x) const { SSL_SESSION_free(x); }
  void operator()(BIO_METHOD* x) const { BIO_meth_free(x); }
};

template <class T>
using owned = std::unique_ptr<T, free_openssl>;

using key = std::array<std::byte, key_size>;
using identity = std::array<std::byte, identity_size>;

struct psk {
  key of_tls;
  key of_identity;
};

auto* raw(std::byte* x) {
  return reinterpret_cast<unsigned char*>(x);
}

auto* raw(const std::byte* x) {
  return reinterpret_cast<const unsigned char*>(x);
}

std::string openssl_reason() {
  const auto code = ERR_peek_last_error();
  const char* text = code == 0 ? nullptr : ERR_reason_error_string(code);
  return text == nullptr ? "an unknown reason" : text;
}

// -- the socket ---------------------------------------------------------------------------------------------------------------

// OpenSSL's own would raise SIGPIPE when the other end has gone.

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
  static const owned<BIO_METHOD> method = [] {
    owned<BIO_METHOD> made{BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "socket without signals")};
    if (made != nullptr) {
      BIO_meth_set_write(made.get(), send_some);
      BIO_meth_set_read(made.get(), receive_some);
      BIO_meth_set_ctrl(made.get(), control);
    }
    return made;
  }();
  return method.get();
}

BIO* bio_of(int socket) {
  auto* out = socket_method() == nullptr ? nullptr : BIO_new(socket_method());
  if (out != nullptr) {
    BIO_set_data(out, reinterpret_cast<void*>(static_cast<std::intptr_t>(socket)));
    BIO_set_init(out, 1);
  }
  return out;
}

// -- secrets ------------------------------------------------------------------------------------------------------------------

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
  owned<SSL_SESSION> out{SSL_SESSION_new()};
  const auto* cipher = SSL_CIPHER_find(of, aes_128_gcm_sha256.data());
  if (out == nullptr || cipher == nullptr ||
      SSL_SESSION_set1_master_key(out.get(), raw(x.of_tls.data()), x.of_tls.size()) != 1 ||
      SSL_SESSION_set_cipher(out.get(), cipher) != 1 || SSL_SESSION_set_protocol_version(out.get(), TLS1_3_VERSION) != 1)
    return nullptr;
  return out.release();
}

// -- sessions -----------------------------------------------------------------------------------------------------------------

class session final : public tls_session {
public:
  session(SSL_CTX* context, int socket, const std::vector<psk>& secrets, std::size_t secret)
      : ssl_(SSL_new(context)), secrets_(&secrets), secret_(secret) {
    if (ssl_ == nullptr)
      return;
    auto* bio = bio_of(socket);
    if (bio == nullptr) {
      ssl_.reset();
      return;
    }
    SSL_set_bio(ssl_.get(), bio, bio);
    SSL_set_app_data(ssl_.get(), this);
  }

  [[nodiscard]] bool is_ready() const { return ssl_ != nullptr; }
  bool begin_dialling() {
    auto made = make_identity((*secrets_)[secret_]);
    if (!made)
      return false;
    identity_ = *made;
    SSL_set_connect_state(ssl_.get());
    return true;
  }
  void begin_accepting() { SSL_set_accept_state(ssl_.get()); }

  status shake_hands() override {
    ERR_clear_error();
    const auto result = SSL_do_handshake(ssl_.get());
    return result == 1 ? status::done : judge(result);
  }

  outcome read(std::span<std::byte> into) override {
    ERR_clear_error();
    const auto result = SSL_read(ssl_.get(), into.data(), static_cast<int>(std::min(into.size(), most)));
    return result > 0 ? outcome{status::done, static_cast<std::size_t>(result)} : outcome{judge(result), 0};
  }

  outcome write(std::span<const std::byte> data) override {
    ERR_clear_error();
    const auto result = SSL_write(ssl_.get(), data.data(), static_cast<int>(std::min(data.size(), most)));
    return result > 0 ? outcome{status::done, static_cast<std::size_t>(result)} : outcome{judge(result), 0};
  }

  bool has_pending() const override { return SSL_has_pending(ssl_.get()) == 1; }
  std::size_t secret() const override { return secret_; }
  const std::string& failure() const override { return failure_; }

  static int offer(SSL* of, const EVP_MD*, const unsigned char** id, std::size_t* size, SSL_SESSION** out) {
    auto& self = *static_cast<session*>(SSL_get_app_data(of));
    *out = session_of((*self.secrets_)[self.secret_], of);
    *id = raw(self.identity_.data());
    *size = self.identity_.size();
    return *out != nullptr ? 1 : 0;
  }

  static int find(SSL* of, const unsigned char* id, std::size_t size, SSL_SESSION** out) {
    auto& self = *static_cast<session*>(SSL_get_app_data(of));
    const std::span offered{reinterpret_cast<const std::byte*>(id), size};
    *out = nullptr;
    for (std::size_t i = 0; i < self.secrets_->size(); ++i) {
      if (!is_identity_of(offered, (*self.secrets_)[i]))
        continue;
      self.secret_ = i;
      *out = session_of((*self.secrets_)[i], of);
      return *out != nullptr ? 1 : 0;
    }
    return 1;
  }

private:
  static constexpr std::size_t most = std::numeric_limits<int>::max();

  status judge(int result) {
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
      failure_ = openssl_reason();
      return status::failed;
    }
  }

  owned<SSL> ssl_;
  const std::vector<psk>* secrets_;
  std::size_t secret_;
  identity identity_{};
  std::string failure_;
};

// -- keys ---------------------------------------------------------------------------------------------------------------------

owned<SSL_CTX> make_context() {
  owned<SSL_CTX> out{SSL_CTX_new(TLS_method())};
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

class secret_keys final : public tls_keys, public std::enable_shared_from_this<secret_keys> {
public:
  secret_keys(owned<SSL_CTX> context, std::vector<psk> secrets)
      : context_(std::move(context)), secrets_(std::move(secrets)) {
    SSL_CTX_set_psk_use_session_callback(context_.get(), session::offer);
    SSL_CTX_set_psk_find_session_callback(context_.get(), session::find);
  }

  std::size_t size() const noexcept override { return secrets_.size(); }

  std::shared_ptr<tls_session> dial(int socket, std::size_t secret) const override {
    auto made = make(socket, secret);
    return made != nullptr && made->begin_dialling() ? made : nullptr;
  }

  std::shared_ptr<tls_session> accept(int socket) const override {
    auto made = make(socket, 0);
    if (made != nullptr)
      made->begin_accepting();
    return made;
  }

private:
  std::shared_ptr<session> make(int socket, std::size_t secret) const {
    // The session uses the secrets of these keys.
    auto made = std::make_unique<session>(context_.get(), socket, secrets_, secret);
    if (!made->is_ready())
      return nullptr;
    return {made.release(), [keep = shared_from_this()](session* x) { delete x; }};
  }

  owned<SSL_CTX> context_;
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
  auto context = make_context();
  if (context == nullptr)
    return refused_by_openssl();
  return std::make_shared<const secret_keys>(std::move(context), std::move(derived));
}

} // namespace registry::inline v0_2
