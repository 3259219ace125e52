#include <registry/log/internal/log.hpp>
#include <registry/node/internal/cluster_check.hpp>
#include <registry/node/internal/link_keys.hpp>

#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace registry::inline v0_2 {

namespace {

tls_files files_of(const cluster_options& options) {
  return {options.tls_certificate, options.tls_key, options.tls_ca};
}

result<std::shared_ptr<const tls_keys>> load_keys(const cluster_options& options) {
  if (!options.tls_certificate.empty()) {
    auto loaded = tls_keys::from_files(files_of(options));
    if (const auto* fault = std::get_if<tls_file_fault>(&loaded))
      return error(errc::invalid_argument, "option registry." + fault->option + " " + fault->what);
    return std::get<std::shared_ptr<const tls_keys>>(std::move(loaded));
  }
  std::vector<std::string> secrets{options.secret};
  if (!options.other_secret.empty())
    secrets.push_back(options.other_secret);
  return tls_keys::from_secrets(secrets, options.name);
}

bool is_short(const std::string& secret) {
  return !secret.empty() && secret.size() < shortest_secret;
}

} // namespace

std::optional<tls_file_fault> find_certificate_fault(const cluster_options& options) {
  if (options.effective_encryption() == "none" || options.tls_certificate.empty())
    return std::nullopt;
  auto loaded = tls_keys::from_files(files_of(options));
  auto* fault = std::get_if<tls_file_fault>(&loaded);
  return fault != nullptr ? std::optional{std::move(*fault)} : std::nullopt;
}

result<void> secure_links(const cluster_options& options, link_service_options& service) {
  const auto mode = options.effective_encryption();
  if (mode == "none") {
    if (!options.secret.empty())
      internal::log_info("links with other nodes are not encrypted: option registry.encryption is none");
    return success();
  }
  if (mode == "prefer" && (is_short(options.secret) || is_short(options.other_secret)))
    internal::log_warning("the secret of the cluster can be guessed, since it has fewer than {} characters: make one with "
                          "'openssl rand -hex 32'",
                          shortest_secret);
  auto keys = load_keys(options);
  if (!keys)
    return keys.error();
  service.keys = std::move(keys).value();
  service.must_encrypt = mode == "required";
  return success();
}

void check_certificate(const tls_keys* keys, const node_address& advertised) {
  if (keys != nullptr && !keys->are_for(advertised.host))
    internal::log_warning("the certificate of this node is not for '{}', the address that it advertises, so others will "
                          "refuse it when they dial it: "
                          "have that among its subject alternative names, or set registry.advertise to one of them",
                          advertised.host);
}

} // namespace registry::inline v0_2
