#include <registry/compat/actor.hpp>
#include <registry/compat/internal/config.hpp>
#include <registry/node/clustered_system_config.hpp>

#include <caf/config_option_adder.hpp>
#include <caf/io/middleman.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string_view>

namespace registry::inline v0_2 {

namespace {

std::chrono::milliseconds in_milliseconds(caf::timespan x) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(x);
}

error unreadable(const std::string& what) {
  return {errc::invalid_argument, "the configuration cannot be read: " + what};
}

/// The file named on the command line, which must exist, or the default one.
result<std::string> file_to_read(int argc, char** argv, const std::string& default_file) {
  constexpr std::string_view option = "--config-file=";
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument{argv[i]};
    if (!argument.starts_with(option))
      continue;
    std::string file{argument.substr(option.size())};
    if (std::filesystem::is_directory(file) || !std::ifstream{file})
      return unreadable("cannot read the file '" + file + "'");
    return file;
  }
  return default_file;
}

template <class Text>
std::string_view view_of(const Text& x) {
  return {x.data(), x.size()};
}

result<std::string> first_line_of(const std::string& file) {
  std::ifstream in{file};
  std::string line;
  if (!std::getline(in, line))
    return error(errc::invalid_argument, "cluster option 'secret-file': cannot read a line of '" + file + "'");
  line.erase(line.find_last_not_of(" \t\r") + 1);
  if (line.empty())
    return error(errc::invalid_argument, "cluster option 'secret-file': the first line of '" + file + "' is empty");
  return line;
}

} // namespace

clustered_system_config::clustered_system_config(caf_defaults defaults)
    : system_config(defaults),
      heartbeat_interval_(options_.heartbeat_interval),
      suspect_after_(options_.suspect_after),
      down_after_(options_.down_after),
      handshake_timeout_(options_.handshake_timeout) {
  load<caf::io::middleman>();
  opt_group{custom_options_, "registry"}
      .add(options_.listen, "listen", "address to listen on for other nodes, as host:port; without one the node is alone")
      .add(options_.advertise, "advertise", "address under which others reach this node, if it differs from listen")
      .add(options_.seeds, "seeds", "addresses of nodes to contact first")
      .add(options_.name, "cluster", "name of the cluster")
      .add(options_.secret, "secret", "shared secret of the cluster; prefer secret-file")
      .add(secret_file_, "secret-file", "file whose first line is the secret")
      .add(options_.allow_no_secret, "allow-no-secret", "let anybody who reaches the port join the cluster")
      .add(heartbeat_interval_, "heartbeat-interval", "interval between heartbeats")
      .add(suspect_after_, "suspect-after", "silence after which a peer counts as unreachable")
      .add(down_after_, "down-after", "silence after which a peer is considered lost")
      .add(handshake_timeout_, "handshake-timeout", "time limit of a handshake");
}

result<void> clustered_system_config::read(int argc, char** argv, const std::string& default_file) {
  const auto file = file_to_read(argc, argv, default_file);
  if (!file)
    return file.error();
  if (const auto failed = internal::parse(*this, argc, argv, file.value()))
    return unreadable(internal::to_text(failed));
  if (has_printed_help())
    return success();
  if (const auto rest = internal::remainder(*this); !rest.empty())
    return unreadable("'" + rest.front() + "' is not an option; options are written as --group.name=value");
  return check_groups();
}

bool clustered_system_config::has_printed_help() const {
  return internal::has_printed_help(*this);
}

std::string clustered_system_config::describe_options(std::initializer_list<std::string_view> groups,
                                                      std::string_view plain) const {
  std::string out;
  for (const auto& option : custom_options_) {
    const std::string group{view_of(option.category())};
    if (std::find(groups.begin(), groups.end(), group) == groups.end())
      continue;
    const std::string type{view_of(option.type_name())};
    out += "  --";
    if (group != plain)
      out += group + ".";
    out += view_of(option.long_name());
    if (!type.starts_with("bool")) // a switch has no value
      out += "=<" + type + ">";
    out += "\n      ";
    out += view_of(option.description());
    out += "\n";
  }
  return out;
}

// CAF accepts any option in a file, so a misspelled option would silently stay unset.
result<void> clustered_system_config::check_groups() const {
  const auto is_group = [this](std::string_view name) {
    return std::any_of(custom_options_.begin(), custom_options_.end(), [&](const auto& x) {
      const auto category = view_of(x.category());
      return category.starts_with(name) && (category.size() == name.size() || category[name.size()] == '.');
    });
  };
  for (const auto& [group, content] : caf::content(*this)) {
    const auto* options = caf::get_if<caf::settings>(&content);
    if (options == nullptr)
      continue;
    if (!is_group(group))
      return unreadable("there are no options '" + group + "'");
    for (const auto& [name, value] : *options) {
      if (auto checked = take(group, name, value); !checked)
        return checked;
    }
  }
  return success();
}

result<void> clustered_system_config::take(const std::string& group, const std::string& name,
                                           const caf::config_value& x) const {
  if (caf::holds_alternative<caf::settings>(x))
    return success(); // a nested group, which only CAF has
  const auto* option = custom_options_.qualified_name_lookup(group, name);
  if (option == nullptr)
    return unreadable("there is no option '" + group + "." + name + "'");
  if (!internal::store(*option, x))
    return unreadable("the option '" + group + "." + name + "' cannot be " + to_string(x) + "; it is a <" +
                      std::string{view_of(option->type_name())} + ">");
  return success();
}

result<cluster_options> clustered_system_config::cluster() const {
  auto out = options_;
  out.heartbeat_interval = in_milliseconds(heartbeat_interval_);
  out.suspect_after = in_milliseconds(suspect_after_);
  out.down_after = in_milliseconds(down_after_);
  out.handshake_timeout = in_milliseconds(handshake_timeout_);
  if (!secret_file_.empty()) {
    auto secret = first_line_of(secret_file_);
    if (!secret)
      return secret.error();
    out.secret = std::move(secret).value();
  }
  if (auto valid = out.validate(); !valid)
    return valid.error();
  return out;
}

} // namespace registry::inline v0_2
