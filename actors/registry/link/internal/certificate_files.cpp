#include <registry/link/internal/certificate_files.hpp>
#include <registry/link/internal/private_file.hpp>
#include <registry/link/owned_descriptor.hpp>

#include <openssl/asn1.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <ctime>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

namespace registry::inline v0_2 {

namespace {

constexpr std::size_t largest_file = std::size_t{4} << 20; // authorities of a whole system are half a megabyte
constexpr unsigned host_flags = X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT;

using certificates = std::vector<openssl_ptr<X509>>;

std::string text_of(const ASN1_TIME* time) {
  std::tm parts{};
  std::array<char, 32> out{};
  if (ASN1_TIME_to_tm(time, &parts) != 1)
    return "an unknown time";
  return {out.data(), std::strftime(out.data(), out.size(), "%Y-%m-%d %H:%M:%S UTC", &parts)};
}

/// Reads the files of a node one by one; the first fault sticks.
class loader {
public:
  explicit loader(const tls_files& files) : files_(files) {}

  std::variant<loaded_certificates, tls_file_fault> load() {
    auto own = read_certificates("tls-certificate", files_.certificate);
    auto key = fault_ ? nullptr : read_key();
    auto trusted = fault_ ? certificates{} : read_certificates("tls-ca", files_.authorities);
    if (!fault_)
      check_own(own.front().get(), key.get());
    if (!fault_ && std::ranges::all_of(trusted, [](const auto& x) { return has_expired(x.get()); }))
      refuse("tls-ca", "names authorities that have all expired: " + quoted(files_.authorities) +
                           "; get a new certificate of the authority");
    auto context = fault_ ? nullptr : assemble(own, key.get(), trusted);
    if (fault_)
      return *fault_;
    return loaded_certificates{std::move(context), std::move(own.front())};
  }

private:
  static std::string quoted(const std::string& file) { return "'" + file + "'"; }
  static bool has_expired(const X509* x) { return X509_cmp_current_time(X509_get0_notAfter(x)) < 0; }

  std::nullptr_t refuse(std::string option, std::string what) {
    if (!fault_)
      fault_ = tls_file_fault{std::move(option), std::move(what)};
    return nullptr;
  }

  std::string read(const std::string& option, const std::string& file, bool is_private) {
    const owned_descriptor opened{::open(file.c_str(), O_RDONLY | O_CLOEXEC)};
    struct stat found{};
    if (!opened || ::fstat(opened.descriptor(), &found) != 0) {
      refuse(option,
             "names a file that cannot be read: " + quoted(file) + " (" + std::generic_category().message(errno) + ")");
      return {};
    }
    if (is_private && is_open_to_others(found)) {
      refuse(option, "names a file that " + remedy_against_others(file));
      return {};
    }
    std::string out;
    std::array<char, 4096> chunk{};
    while (out.size() <= largest_file) {
      const auto got = ::read(opened.descriptor(), chunk.data(), chunk.size());
      if (got < 0 && errno == EINTR)
        continue;
      if (got == 0)
        return out;
      if (got < 0)
        break;
      out.append(chunk.data(), static_cast<std::size_t>(got));
    }
    refuse(option, "names a file that cannot be read, or is larger than 4 MiB: " + quoted(file));
    return {};
  }

  static openssl_ptr<BIO> reader_of(const std::string& content) {
    return openssl_ptr<BIO>{BIO_new_mem_buf(content.data(), static_cast<int>(content.size()))};
  }

  certificates read_certificates(const std::string& option, const std::string& file) {
    const auto content = read(option, file, false);
    certificates out;
    if (fault_)
      return out;
    const auto text = reader_of(content);
    ERR_clear_error();
    while (auto* one = text == nullptr ? nullptr : PEM_read_bio_X509(text.get(), nullptr, refuse_passphrase, nullptr))
      out.emplace_back(one);
    const bool is_broken = ERR_GET_REASON(ERR_peek_last_error()) != PEM_R_NO_START_LINE;
    if (out.empty() || is_broken)
      refuse(option, "names a file without certificates in PEM format, or with a damaged one: " + quoted(file));
    ERR_clear_error();
    return out;
  }

  openssl_ptr<EVP_PKEY> read_key() {
    const auto content = read("tls-key", files_.key, true);
    if (fault_)
      return nullptr;
    bool is_protected = false;
    const auto text = reader_of(content);
    openssl_ptr<EVP_PKEY> out{
        text == nullptr ? nullptr : PEM_read_bio_PrivateKey(text.get(), nullptr, refuse_passphrase, &is_protected)};
    ERR_clear_error();
    if (out != nullptr)
      return out;
    return is_protected
               ? refuse("tls-key", "names a key with a passphrase, which nobody would enter: " + quoted(files_.key) +
                                       "; write the key without one: openssl pkey -in FILE -out FILE")
               : refuse("tls-key", "names a file without a private key in PEM format: " + quoted(files_.key));
  }

  static int refuse_passphrase(char*, int, int, void* asked) {
    if (asked != nullptr)
      *static_cast<bool*>(asked) = true;
    return -1;
  }

  void check_own(X509* own, EVP_PKEY* key) {
    const std::string option = "tls-certificate";
    const auto in_file = ": " + quoted(files_.certificate);
    if (X509_check_private_key(own, key) != 1)
      refuse("tls-key",
             "names another key than that of the certificate in " + quoted(files_.certificate) + ": " + quoted(files_.key));
    else if (has_expired(own))
      refuse(option, "names a certificate that has expired, on " + end_of(own) + in_file + "; have a new one issued");
    else if (X509_cmp_current_time(X509_get0_notBefore(own)) > 0)
      refuse(option, "names a certificate that is not valid yet, but from " + text_of(X509_get0_notBefore(own)) + " on" +
                         in_file + "; is the clock of this machine right?");
    else if (X509_check_purpose(own, X509_PURPOSE_SSL_SERVER, 0) != 1 ||
             X509_check_purpose(own, X509_PURPOSE_SSL_CLIENT, 0) != 1)
      refuse(option, "names a certificate that must not be used by both ends of a connection" + in_file +
                         "; have one issued with the extended key usages serverAuth and clientAuth, or with none");
    ERR_clear_error();
  }

  openssl_ptr<SSL_CTX> assemble(const certificates& own, EVP_PKEY* key, const certificates& trusted) {
    ERR_clear_error();
    auto out = make_tls_context();
    auto* x = out.get();
    if (x == nullptr)
      return refuse("tls-certificate", "cannot be used: " + openssl_reason());
    if (SSL_CTX_use_certificate(x, own.front().get()) != 1 || SSL_CTX_use_PrivateKey(x, key) != 1)
      return refuse("tls-certificate", "names a certificate that OpenSSL refuses: " + quoted(files_.certificate) + " (" +
                                           openssl_reason() + ")");
    for (std::size_t i = 1; i < own.size(); ++i) {
      if (SSL_CTX_add1_chain_cert(x, own[i].get()) != 1)
        return refuse("tls-certificate",
                      "names a chain that OpenSSL refuses: " + quoted(files_.certificate) + " (" + openssl_reason() + ")");
    }
    for (const auto& one : trusted) {
      if (X509_STORE_add_cert(SSL_CTX_get_cert_store(x), one.get()) != 1)
        return refuse("tls-ca", "names an authority that OpenSSL refuses: " + quoted(files_.authorities) + " (" +
                                    openssl_reason() + ")");
    }
    SSL_CTX_set_verify(x, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
    return out;
  }

  const tls_files& files_;
  std::optional<tls_file_fault> fault_;
};

/// A host as certificates have it.
std::string plain_host(const std::string& host) {
  auto out = host.substr(0, host.find('%'));
  if (out.size() > 1 && out.back() == '.')
    out.pop_back();
  return out;
}

} // namespace

file_stamps stamps_of(const tls_files& files) {
  file_stamps out{};
  std::size_t i = 0;
  for (const auto* file : {&files.certificate, &files.key, &files.authorities}) {
    struct stat found{};
    if (::stat(file->c_str(), &found) == 0)
      out[i] = {static_cast<std::int64_t>(found.st_dev), static_cast<std::int64_t>(found.st_ino), found.st_size,
                found.st_mtim.tv_sec, found.st_mtim.tv_nsec};
    ++i;
  }
  return out;
}

std::variant<loaded_certificates, tls_file_fault> load_certificates(const tls_files& files) {
  return loader{files}.load();
}

std::string end_of(const X509* certificate) {
  return text_of(X509_get0_notAfter(certificate));
}

bool is_for(const openssl_ptr<X509>& certificate, const std::string& host) {
  const auto plain = plain_host(host);
  const bool matches = X509_check_ip_asc(certificate.get(), plain.c_str(), 0) == 1 ||
                       X509_check_host(certificate.get(), plain.data(), plain.size(), host_flags, nullptr) == 1;
  ERR_clear_error();
  return matches;
}

bool expect_host(SSL* session, const std::string& host) {
  const auto plain = plain_host(host);
  auto* expected = SSL_get0_param(session);
  X509_VERIFY_PARAM_set_hostflags(expected, host_flags);
  const bool done = X509_VERIFY_PARAM_set1_ip_asc(expected, plain.c_str()) == 1 ||
                    X509_VERIFY_PARAM_set1_host(expected, plain.data(), plain.size()) == 1;
  ERR_clear_error();
  return done;
}

} // namespace registry::inline v0_2
