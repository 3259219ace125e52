#pragma once

#include <registry/link/internal/link_service.hpp>
#include <registry/link/internal/tls.hpp>
#include <registry/node/cluster_options.hpp>

#include <optional>

namespace registry::inline v0_2 {

/// What is wrong with the files of certificates that the options name, if anything is; they are read.
[[nodiscard]] std::optional<tls_file_fault> find_certificate_fault(const cluster_options& options);

/// Adds the keys that the options ask for to those of the service, and tells the operator what he should know of them. Errors:
/// `invalid_argument` with the option.
result<void> secure_links(const cluster_options& options, link_service_options& service);

/// Tells the operator if others cannot dial this node by the address that it advertises, because of its certificate.
void check_certificate(const tls_keys* keys, const node_address& advertised);

} // namespace registry::inline v0_2
