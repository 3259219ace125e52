#include <link/authority.hpp>

#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <stdexcept>
#include <utility>

namespace registry::testing {

namespace {

void check(bool done) {
  if (!done)
    throw std::runtime_error("OpenSSL cannot make a certificate: " + openssl_reason());
}

openssl_ptr<EVP_PKEY> make_key() {
  openssl_ptr<EVP_PKEY> out{EVP_EC_gen("P-256")};
  check(out != nullptr);
  return out;
}

std::string pem_of(auto write) {
  const openssl_ptr<BIO> to{BIO_new(BIO_s_mem())};
  check(to != nullptr && write(to.get()) == 1);
  char* data = nullptr;
  const auto size = BIO_get_mem_data(to.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

std::string pem_of(X509* x) {
  return pem_of([&](BIO* to) { return PEM_write_bio_X509(to, x); });
}

void extend(X509* x, X509* issuer, int what, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, x, nullptr, nullptr, 0);
  auto* made = X509V3_EXT_conf_nid(nullptr, &context, what, value.c_str());
  check(made != nullptr);
  check(X509_add_ext(x, made, -1) == 1);
  X509_EXTENSION_free(made);
}

/// A certificate without a signature and extensions.
openssl_ptr<X509> make_certificate(const std::string& name, EVP_PKEY* key, std::chrono::seconds from,
                                   std::chrono::seconds to) {
  static std::atomic<long> serial{1};
  openssl_ptr<X509> out{X509_new()};
  check(out != nullptr && X509_set_version(out.get(), 2) == 1 &&
        ASN1_INTEGER_set(X509_get_serialNumber(out.get()), serial++) == 1);
  check(X509_gmtime_adj(X509_getm_notBefore(out.get()), from.count()) != nullptr);
  check(X509_gmtime_adj(X509_getm_notAfter(out.get()), to.count()) != nullptr);
  check(X509_set_pubkey(out.get(), key) == 1);
  check(X509_NAME_add_entry_by_txt(X509_get_subject_name(out.get()), "CN", MBSTRING_ASC,
                                   reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0) == 1);
  return out;
}

} // namespace

file_folder::file_folder() {
  static std::atomic<int> last{0};
  path_ = std::filesystem::temp_directory_path() /
          ("registry_tests." + std::to_string(::getpid()) + "." + std::to_string(last++));
  std::filesystem::create_directories(path_);
}

file_folder::~file_folder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string file_folder::write(const std::string& name, std::string_view content, unsigned mode) const {
  const auto file = path(name);
  const auto made = file + ".new";
  std::ofstream{made} << content;
  ::chmod(made.c_str(), mode);
  std::filesystem::rename(made, file);
  return file;
}

authority::authority(const std::string& name, std::chrono::seconds valid_to)
    : key_(make_key()), own_(make_certificate(name, key_.get(), std::chrono::seconds{-7200}, valid_to)) {
  check(X509_set_issuer_name(own_.get(), X509_get_subject_name(own_.get())) == 1);
  extend(own_.get(), own_.get(), NID_basic_constraints, "critical,CA:TRUE");
  extend(own_.get(), own_.get(), NID_key_usage, "critical,keyCertSign,cRLSign");
  check(X509_sign(own_.get(), key_.get(), EVP_sha256()) > 0);
  pem_ = pem_of(own_.get());
}

authority::issued authority::issue(const certificate_request& request) const {
  const auto key = make_key();
  const auto made = make_certificate("a node", key.get(), request.valid_from, request.valid_to);
  check(X509_set_issuer_name(made.get(), X509_get_subject_name(own_.get())) == 1);
  std::string names;
  for (const auto& name : request.names)
    names += (names.empty() ? "" : ",") + name;
  if (!names.empty())
    extend(made.get(), own_.get(), NID_subject_alt_name, names);
  if (!request.usage.empty())
    extend(made.get(), own_.get(), NID_ext_key_usage, request.usage);
  check(X509_sign(made.get(), key_.get(), EVP_sha256()) > 0);
  return {pem_of(made.get()),
          pem_of([&](BIO* to) { return PEM_write_bio_PrivateKey(to, key.get(), nullptr, nullptr, 0, nullptr, nullptr); })};
}

tls_files authority::issue_to(const file_folder& folder, const std::string& name, const certificate_request& request,
                              const std::string& trusted) const {
  const auto made = issue(request);
  return {folder.write(name + ".pem", made.certificate), folder.write(name + ".key", made.key),
          folder.write(name + ".ca", trusted.empty() ? pem_ : trusted)};
}

std::shared_ptr<const tls_keys> keys_of(const tls_files& files) {
  auto loaded = tls_keys::from_files(files);
  if (const auto* fault = std::get_if<tls_file_fault>(&loaded))
    throw std::runtime_error(fault->option + " " + fault->what);
  return std::get<std::shared_ptr<const tls_keys>>(std::move(loaded));
}

} // namespace registry::testing
