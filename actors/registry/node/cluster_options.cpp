#include <registry/log/internal/log.hpp>
#include <registry/membership/internal/link.hpp>
#include <registry/node/cluster_options.hpp>
#include <registry/node/internal/cluster_check.hpp>
#include <registry/time/deadline.hpp>

#include <boost/asio/ip/address.hpp>
#include <boost/system/error_code.hpp>

#include <utility>

namespace registry::inline v0_2 {

namespace {

constexpr std::chrono::milliseconds longest_poll{10};

using fault = std::optional<option_fault>;

fault check_address(std::string option, const std::string& text) {
  if (auto read = parse_address(text); !read)
    return option_fault{std::move(option), "must be host:port: " + std::string{read.error().message()}};
  return std::nullopt;
}

fault check_addresses(const cluster_options& x) {
  if (auto found = check_address("listen", x.listen))
    return found;
  if (auto found = x.advertise.empty() ? std::nullopt : check_address("advertise", x.advertise))
    return found;
  for (const auto& seed : x.seeds) {
    if (auto found = check_address("seeds", seed))
      return found;
  }
  return std::nullopt;
}

bool has_certificate(const cluster_options& x) {
  return !x.tls_certificate.empty();
}

/// `encryption`, or its default.
std::string mode_of(const cluster_options& x) {
  if (!x.encryption.empty())
    return x.encryption;
  return x.secret.empty() && !has_certificate(x) ? "none" : "required";
}

/// What numbers tell; names are looked up when the node starts.
fault check_reach(const cluster_options& x) {
  const auto listen = parse_address(x.listen).value();
  boost::system::error_code is_name;
  const auto number = boost::asio::ip::make_address(listen.host, is_name);
  if (is_name || number.is_loopback())
    return std::nullopt;
  if (x.secret.empty() && !has_certificate(x) && !x.allow_no_secret)
    return option_fault{"listen", "is an address that others can reach, and anybody who does could join the cluster: set "
                                  "registry.secret-file or registry.tls-certificate, listen on 127.0.0.1, or allow it with "
                                  "registry.allow-no-secret"};
  if (number.is_unspecified() && x.advertise.empty())
    return option_fault{"advertise", "is missing: this node listens on all addresses of the machine, and other nodes must "
                                     "know one of them"};
  return std::nullopt;
}

fault check_certificates(const cluster_options& x) {
  for (const auto& [option, file] : {std::pair{"tls-certificate", &x.tls_certificate}, std::pair{"tls-key", &x.tls_key},
                                     std::pair{"tls-ca", &x.tls_ca}}) {
    if (file->empty() && !(x.tls_certificate.empty() && x.tls_key.empty() && x.tls_ca.empty()))
      return option_fault{option,
                          "is missing: registry.tls-certificate, registry.tls-key and registry.tls-ca belong together"};
  }
  if (has_certificate(x) && x.encryption == "none")
    return option_fault{"encryption", "is none, so that registry.tls-certificate has no use: leave out one of the two"};
  if (has_certificate(x) && x.encryption == "prefer" && x.secret.empty())
    return option_fault{"encryption",
                        "is prefer, so that anybody could join the cluster in plain: set registry.secret-file, too, or "
                        "require encryption"};
  return std::nullopt;
}

fault check_secrets(const cluster_options& x) {
  for (const auto* secret : {&x.secret, &x.other_secret}) {
    if (!secret->empty() && secret->size() < shortest_secret)
      return option_fault{
          secret == &x.secret ? "secret-file" : "other-secret-file",
          "holds a secret that can be guessed: it has fewer than 32 characters; make one with 'openssl rand -hex 32', or "
          "set registry.encryption=prefer while a cluster that has this one is updated"};
  }
  return std::nullopt;
}

fault check_encryption(const cluster_options& x) {
  const auto mode = mode_of(x);
  if (!x.other_secret.empty() && x.secret.empty())
    return option_fault{"secret-file", "is missing: there is another secret, but no first one"};
  if (mode != "none" && x.secret.empty() && !has_certificate(x))
    return option_fault{"encryption", "needs a secret (registry.secret-file) or certificates (registry.tls-certificate)"};
  if (auto found = check_certificates(x))
    return found;
  if (mode != "required")
    return std::nullopt;
  if (x.protocol_version < 2)
    return option_fault{"protocol-version",
                        "is 1, which knows no encryption, but links are encrypted where there is a secret or a "
                        "certificate: set registry.encryption=none for plain links"};
  // With certificates the secret is not seen by who does not have one.
  return has_certificate(x) ? std::nullopt : check_secrets(x);
}

} // namespace

std::optional<option_fault> find_fault(const cluster_options& x) {
  if (!x.log_level.empty() && !internal::log_level_of(x.log_level))
    return option_fault{"log-level", "must be trace, debug, info, warn, error or off, not '" + x.log_level + "'"};
  if (const auto mode = mode_of(x); mode != "required" && mode != "prefer" && mode != "none")
    return option_fault{"encryption", "must be required, prefer or none"};
  if (!x.is_clustered()) {
    if (!x.seeds.empty() || !x.advertise.empty())
      return option_fault{"listen", "is missing: a node with seeds or an advertised address must listen; "
                                    "give it an address, such as 127.0.0.1:0 for any free port of this machine"};
    return std::nullopt;
  }
  if (x.name.empty() || x.name.size() > 255)
    return option_fault{"cluster", "must have 1 to 255 bytes"};
  if (auto found = check_addresses(x))
    return found;
  if (!x.node_name.empty() && !is_node_name(x.node_name))
    return option_fault{"node-name", "must have 1 to 64 letters, digits and -._:@/"};
  if (x.heartbeat_interval.count() < 1)
    return option_fault{"heartbeat-interval", "must be at least 1ms"};
  if (saturated(x.suspect_after) < 2 * saturated(x.heartbeat_interval))
    return option_fault{"suspect-after", "must be at least twice registry.heartbeat-interval"};
  if (x.down_after < x.suspect_after)
    return option_fault{"down-after", "must be at least registry.suspect-after"};
  if (x.handshake_timeout.count() < 1)
    return option_fault{"handshake-timeout", "must be at least 1ms"};
  if (x.poll_time.count() < 0 || x.poll_time > longest_poll)
    return option_fault{"poll-time", "must be between 0 and 10ms"};
  if (x.protocol_version < 1 || x.protocol_version > 2)
    return option_fault{"protocol-version", "must be 1 or 2"};
  if (auto found = check_encryption(x))
    return found;
  if (auto found = check_reach(x))
    return found;
  if (x.max_message < (std::uint64_t{1} << 20U) || x.max_message > (std::uint64_t{2} << 30U))
    return option_fault{"max-message", "must be between 1 MiB (1048576) and 2 GiB (2147483648)"};
  if (x.max_waiting < x.max_message)
    return option_fault{"max-waiting", "must be at least registry.max-message"};
  return std::nullopt;
}

std::string cluster_options::effective_encryption() const {
  if ((secret.empty() && !has_certificate(*this)) || protocol_version < 2)
    return "none";
  return mode_of(*this);
}

result<void> cluster_options::validate() const {
  if (const auto fault = find_fault(*this))
    return error(errc::invalid_argument, "option registry." + fault->option + " " + fault->what);
  return success();
}

} // namespace registry::inline v0_2
