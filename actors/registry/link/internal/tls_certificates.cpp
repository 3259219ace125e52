#include <registry/link/internal/certificate_files.hpp>
#include <registry/link/internal/openssl_session.hpp>
#include <registry/log/internal/log.hpp>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/sslerr.h>
#include <openssl/x509_vfy.h>

#include <chrono>
#include <memory>
#include <mutex>
#include <utility>

// Certificates of both ends.

namespace registry::inline v0_2 {

namespace {

/// How often files that could not be used are tried again although they have not changed.
constexpr std::chrono::minutes retry_interval{1};

/// What this end has found wrong with the certificate of the other.
std::string fault_of_peer(long verified, const std::string& host) {
  switch (verified) {
  case X509_V_ERR_CERT_HAS_EXPIRED:
    return "the certificate of the other end has expired; give it a new one";
  case X509_V_ERR_CERT_NOT_YET_VALID:
    return "the certificate of the other end is not valid yet; compare the clocks of the two machines";
  case X509_V_ERR_HOSTNAME_MISMATCH:
  case X509_V_ERR_IP_ADDRESS_MISMATCH:
    return "the certificate of the other end is not for '" + host +
           "', by which it was dialled; issue one with this among its subject alternative names, or dial and advertise one "
           "that it has";
  case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
  case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
  case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
  case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
  case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
  case X509_V_ERR_CERT_SIGNATURE_FAILURE:
    return "the certificate of the other end is of an authority that this node does not trust; registry.tls-ca here must "
           "hold the "
           "authority of registry.tls-certificate there";
  case X509_V_ERR_INVALID_PURPOSE:
    return "the certificate of the other end must not be used for this; issue one with the extended key usages serverAuth "
           "and "
           "clientAuth, or with none";
  default:
    return std::string{"the certificate of the other end cannot be verified: "} + X509_verify_cert_error_string(verified);
  }
}

/// What the other end says, or what OpenSSL does.
std::string fault_of_session(int reason) {
  switch (reason) {
  case SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED:
    return "the other end says that the certificate of this node has expired; exchange registry.tls-certificate here";
  case SSL_R_TLSV1_ALERT_UNKNOWN_CA:
    return "the other end does not trust the authority of this node's certificate; registry.tls-ca there must hold the "
           "authority of "
           "registry.tls-certificate here, unless that node has a secret instead of certificates";
  case SSL_R_SSLV3_ALERT_BAD_CERTIFICATE:
  case SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN:
  case SSL_R_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE:
    return "the other end does not accept the certificate of this node, and its log says why; if it has dialled this one, "
           "registry.tls-certificate here must be for the address that this node advertises";
  case SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED:
    return "the other end has got no certificate of this node; exchange registry.tls-certificate here";
  case SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE:
  case SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE:
    return "the other end has no certificate; give all nodes of the cluster either certificates or a secret";
  default:
    return openssl_reason();
  }
}

class certificate_session final : public openssl_session {
public:
  certificate_session(SSL_CTX* context, int socket, std::string host)
      : openssl_session(context, socket), host_(std::move(host)) {}

  bool begin() {
    if (host_.empty()) {
      SSL_set_accept_state(ssl());
      return true;
    }
    SSL_set_connect_state(ssl());
    return expect_host(ssl(), host_);
  }

  [[nodiscard]] dial_failure meaning() const noexcept override { return dial_failure::wrong_certificate; }

protected:
  [[nodiscard]] std::string describe_failure() const override {
    const auto reason = ERR_GET_REASON(ERR_peek_last_error());
    return reason == SSL_R_CERTIFICATE_VERIFY_FAILED ? fault_of_peer(SSL_get_verify_result(ssl()), host_)
                                                     : fault_of_session(reason);
  }

private:
  const std::string host_; // that was dialled; empty at the accepting end
};

class certificate_keys final : public tls_keys {
public:
  certificate_keys(tls_files files, const file_stamps& stamps, loaded_certificates loaded)
      : files_(std::move(files)),
        stamps_(stamps),
        current_(std::make_shared<const loaded_certificates>(std::move(loaded))) {}

  std::shared_ptr<tls_session> dial(int socket, std::size_t, const std::string& host) const override {
    return make(socket, host);
  }

  std::shared_ptr<tls_session> accept(int socket) const override { return make(socket, {}); }

  bool are_for(const std::string& host) const override { return is_for(current()->certificate, host); }

private:
  using clock = std::chrono::steady_clock;

  std::shared_ptr<tls_session> make(int socket, const std::string& host) const {
    const auto use = current(); // the session keeps what it needs of it
    auto made = std::make_shared<certificate_session>(use->context.get(), socket, host);
    return made->is_ready() && made->begin() ? made : nullptr;
  }

  std::shared_ptr<const loaded_certificates> current() const {
    const std::lock_guard guard(lock_);
    const auto stamps = stamps_of(files_);
    const bool is_new = stamps != stamps_;
    if (!is_new && (!is_faulty_ || clock::now() < retry_at_))
      return current_;
    // Looked at before they are read: what changes meanwhile is read again.
    stamps_ = stamps;
    auto loaded = load_certificates(files_);
    if (const auto* fault = std::get_if<tls_file_fault>(&loaded)) {
      if (is_new)
        internal::log_warning(
            "the changed certificates cannot be used, and the ones before stay in use: option registry.{} {}", fault->option,
            fault->what);
      is_faulty_ = true;
      retry_at_ = clock::now() + retry_interval;
      return current_;
    }
    is_faulty_ = false;
    current_ = std::make_shared<const loaded_certificates>(std::move(std::get<loaded_certificates>(loaded)));
    internal::log_info("the certificates have been read anew; that of this node is valid until {}",
                       end_of(current_->certificate.get()));
    return current_;
  }

  const tls_files files_;
  mutable std::mutex lock_;
  mutable file_stamps stamps_;
  mutable std::shared_ptr<const loaded_certificates> current_;
  mutable bool is_faulty_ = false; // since the stamps are these
  mutable clock::time_point retry_at_;
};

} // namespace

std::variant<std::shared_ptr<const tls_keys>, tls_file_fault> tls_keys::from_files(const tls_files& files) {
  const auto stamps = stamps_of(files);
  auto loaded = load_certificates(files);
  if (auto* fault = std::get_if<tls_file_fault>(&loaded))
    return std::move(*fault);
  return std::make_shared<const certificate_keys>(files, stamps, std::move(std::get<loaded_certificates>(loaded)));
}

} // namespace registry::inline v0_2
