#pragma once

#include <registry/node/cluster_options.hpp>
#include <registry/node/system_config.hpp>

#include <caf/timespan.hpp>

#include <initializer_list>
#include <string>
#include <string_view>

namespace registry::inline v0_2 {

/// The configuration of an actor system whose node can take part in a cluster: loads CAF's middleman, and reads
/// `cluster_options` from CAF's configuration, where they are the group `registry`:
///
///     --registry.listen=127.0.0.1:4700 --registry.seeds='["127.0.0.1:4701"]'
///
/// on the command line, or in a file (`--config-file=FILE`)
///
///     registry {
///       listen = "127.0.0.1:4700"
///       seeds = ["127.0.0.1:4701"]
///       secret-file = "/etc/registry.secret" # a comment
///     }
class clustered_system_config : public system_config {
public:
  /// Nothing is read yet; see `caf_defaults`.
  explicit clustered_system_config(caf_defaults defaults = caf_defaults::tuned);

  /// Reads the command line, and the file that it names, or the default file if that exists. Errors: `invalid_argument` for
  /// an option that is unknown or does not parse, with its name.
  result<void> read(int argc, char** argv, const std::string& default_file = {});
  /// Whether the command line asked for help, which has been printed: then the program ends.
  [[nodiscard]] bool has_printed_help() const;

  /// The cluster options that were read, checked. The secret comes from `secret-file` if that is given: its first line,
  /// without white space at the end. Errors: `invalid_argument` with the name of the offending option.
  [[nodiscard]] result<cluster_options> cluster() const;

protected:
  /// A help text of the options of these groups, with their descriptions. Options of the group `plain` appear without its
  /// name.
  [[nodiscard]] std::string describe_options(std::initializer_list<std::string_view> groups,
                                             std::string_view plain = {}) const;

private:
  [[nodiscard]] result<void> check_groups() const;
  [[nodiscard]] result<void> take(const std::string& group, const std::string& name, const caf::config_value& x) const;

  cluster_options options_;
  std::string secret_file_;
  caf::timespan heartbeat_interval_;
  caf::timespan suspect_after_;
  caf::timespan down_after_;
  caf::timespan handshake_timeout_;
};

} // namespace registry::inline v0_2
