#pragma once

#include <registry/link/internal/openssl.hpp>
#include <registry/link/internal/tls.hpp>

#include <chrono>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace registry::testing {

/// A directory for files that are gone with it.
class file_folder {
public:
  file_folder();
  file_folder(const file_folder&) = delete;
  file_folder& operator=(const file_folder&) = delete;
  ~file_folder();

  /// Writes a file, or replaces it by another one, as `rename` does. Returns its path.
  std::string write(const std::string& name, std::string_view content, unsigned mode = 0600) const;
  [[nodiscard]] std::string path(const std::string& name) const { return (path_ / name).string(); }

private:
  std::filesystem::path path_;
};

/// What a certificate says.
struct certificate_request {
  std::vector<std::string> names{"DNS:localhost", "IP:127.0.0.1"};
  std::chrono::seconds valid_from{-60}; ///< from now
  std::chrono::seconds valid_to{3600};
  std::string usage = {}; ///< extended, such as `serverAuth`; empty for any
};

/// An authority that makes certificates, with OpenSSL's libcrypto.
class authority {
public:
  explicit authority(const std::string& name, std::chrono::seconds valid_to = std::chrono::hours{1});

  /// Its own certificate, in PEM format.
  [[nodiscard]] const std::string& certificate() const noexcept { return pem_; }

  struct issued {
    std::string certificate; ///< in PEM format
    std::string key;
  };
  [[nodiscard]] issued issue(const certificate_request& request = {}) const;
  /// The same in files of these names, `name.pem` and `name.key`, and the authorities that the node trusts in `name.ca`.
  tls_files issue_to(const file_folder& folder, const std::string& name, const certificate_request& request = {},
                     const std::string& trusted = {}) const;

private:
  openssl_ptr<EVP_PKEY> key_;
  openssl_ptr<X509> own_;
  std::string pem_;
};

/// The keys of a node; throws what is wrong with the files.
std::shared_ptr<const tls_keys> keys_of(const tls_files& files);

} // namespace registry::testing
