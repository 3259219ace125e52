#pragma once

#include <registry/node/cluster_options.hpp>
#include <registry/node/option_table.hpp>
#include <registry/node/system_config.hpp>

#include <caf/config_option_adder.hpp>
#include <caf/timespan.hpp>

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace registry::inline v0_2 {

/// The configuration of an actor system whose node can take part in a cluster: loads CAF's middleman, and reads
/// `cluster_options` from CAF's configuration, where they are the group `registry`:
///
///     --registry.listen=127.0.0.1:4700 --registry.seeds=127.0.0.1:4701,127.0.0.1:4702
///
/// on the command line,
///
///     REGISTRY_LISTEN=127.0.0.1:4700 REGISTRY_SEEDS=127.0.0.1:4701,127.0.0.1:4702
///
/// in the environment, or in a file (`--config-file=FILE`)
///
///     registry {
///       listen = "127.0.0.1:4700"
///       seeds = ["127.0.0.1:4701", "127.0.0.1:4702"]
///       secret-file = "/etc/registry.secret" # a comment
///     }
class clustered_system_config : public system_config {
public:
  /// Nothing is read yet; see `caf_defaults`.
  explicit clustered_system_config(caf_defaults defaults = caf_defaults::tuned);

  /// Reads the command line, `--group.name=value` for each option, the environment, `GROUP_NAME` for each, and the file that
  /// `--config-file` names, or this one if it exists. The command line overrides the environment, and the environment the file; an
  /// empty variable counts as none. Options that nobody has defined are refused on the command line and in the file, secrets on the
  /// command line. Errors: `invalid_argument` with the option and the file and the line, or with the variable.
  result<void> read(int argc, char** argv, const std::string& default_file = {});
  /// The same for a program with a parser of its own for the command line, which `options` tells what there is.
  result<void> read(const std::vector<option_setting>& given, const std::string& default_file = {});
  /// Whether the command line had `--help`, upon which the options have been printed: then there is nothing more to do.
  [[nodiscard]] bool has_printed_help() const noexcept { return has_printed_help_; }

  /// All options, in the order of their definition: `config-file`, CAF's own, the cluster's, the application's. Defaults are right before `read`.
  [[nodiscard]] std::vector<option_description> options() const;
  /// An error about the value that an option has, which begins with where it was given: `chat.conf:7: option chat.port must …`, or
  /// `the environment variable CHAT_PORT must …`
  [[nodiscard]] error wrong_option(std::string_view full_name, std::string_view what) const;

  /// The cluster options that were read, checked. The secret comes from `secret-file` if that is given: its first line,
  /// without white space at the end; `secret` overrides a file that was named with less precedence. Errors: `invalid_argument`
  /// with the name of the offending option, also for a file with a secret or a key that everybody on the machine may read, and for
  /// certificates that cannot be used.
  [[nodiscard]] result<cluster_options> cluster() const;

protected:
  /// Adds options of one group, as CAF's `opt_group` does, and remembers their defaults for `options`.
  class option_group {
  public:
    /// Begins a group of this name; the configuration must outlive it.
    option_group(clustered_system_config& config, std::string name) : config_(config), name_(std::move(name)) {}

    /// The variable, whose present value is the default, gets what is read. It is a `bool`, an unsigned number, a `caf::timespan`,
    /// a `std::string` or a vector of these.
    template <class T>
    option_group& add(T& variable, const std::string& name, const std::string& purpose) {
      opt_group{config_.custom_options_, name_}.add(variable, name, purpose);
      config_.remember(name_ + "." + name, detail::describe_variable(variable));
      return *this;
    }

  private:
    clustered_system_config& config_;
    std::string name_;
  };

  /// The options of this group are written without its name: `--queue` for `dispatch.queue`. With its name they are understood, too.
  void write_without_group(std::string group) { plain_group_ = std::move(group); }

private:
  /// What CAF does not know of an option.
  void remember(const std::string& full_name, option_description what) { known_.emplace(full_name, std::move(what)); }
  [[nodiscard]] option_description describe(const caf::config_option& option) const;
  [[nodiscard]] std::string spelling_of(std::string_view full_name) const;
  [[nodiscard]] bool is_group(std::string_view name) const;

  result<void> read_file(const std::string& file, bool must_exist);
  result<void> check_content(const caf::settings& content, const std::string& group, const std::string& file,
                             const std::map<std::string, int, std::less<>>& lines);
  result<void> check_value(const std::string& name, const caf::config_value& x, const std::string& where);
  result<void> read_environment();
  result<void> apply(const std::vector<option_setting>& given);
  [[nodiscard]] bool takes_secret_from_file() const;
  [[nodiscard]] result<std::string> secret_of_cluster() const;

  /// What gave an option, in the order of their ranks.
  enum class source : std::uint8_t {
    nowhere,      ///< it has its default
    file,         ///< the configuration file
    environment,  ///< a variable
    command_line, ///< an argument
  };
  struct place {
    source kind = source::nowhere;
    std::string option; // as an error calls it: "chat.conf:7: option chat.port"
  };
  [[nodiscard]] source source_of(std::string_view full_name) const;

  std::set<std::string> groups_of_caf_;
  std::map<std::string, option_description, std::less<>> known_;
  /// Where each option was given.
  std::map<std::string, place, std::less<>> places_;
  std::string file_;
  std::string plain_group_;
  bool has_printed_help_ = false;

  cluster_options options_;
  std::string secret_file_;
  std::string other_secret_file_;
  caf::timespan heartbeat_interval_;
  caf::timespan suspect_after_;
  caf::timespan down_after_;
  caf::timespan handshake_timeout_;
  caf::timespan poll_time_;
};

} // namespace registry::inline v0_2
