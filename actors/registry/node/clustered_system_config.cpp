#include <registry/compat/internal/config.hpp>
#include <registry/link/internal/private_file.hpp>
#include <registry/node/clustered_system_config.hpp>
#include <registry/node/internal/cluster_check.hpp>
#include <registry/node/internal/file_lines.hpp>
#include <registry/node/internal/link_keys.hpp>
#include <registry/node/internal/secret_file.hpp>
#include <registry/node/nearest_word.hpp>

#include <caf/io/middleman.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <optional>
#include <utility>

namespace registry::inline v0_2 {

namespace {

constexpr auto in_text = "registry.secret";
constexpr auto in_file = "registry.secret-file";

template <class Text>
std::string_view view_of(const Text& x) {
  return {x.data(), x.size()};
}

std::chrono::milliseconds in_milliseconds(caf::timespan x) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(x);
}

error wrong(const std::string& what) {
  return {errc::invalid_argument, what};
}

error no_such_group(const std::string& place, const std::string& name, const std::vector<std::string>& groups) {
  return wrong(place + ": there is no group " + name + did_you_mean(nearest_name(name, groups)));
}

error value_missing(const std::string& option) {
  return wrong("option " + option + " needs a value: " + option + "=VALUE");
}

std::string full_name_of(const caf::config_option& x) {
  return std::string{view_of(x.category())} + "." + std::string{view_of(x.long_name())};
}

/// What CAF says of the type of an option; the spelling depends on its generation.
option_kind kind_of(std::string_view type) {
  if (type.starts_with("bool"))
    return option_kind::flag;
  if (type == "timespan")
    return option_kind::time_span;
  if (type.find("int") != std::string_view::npos || type == "double" || type == "float")
    return option_kind::number;
  if (type.find("list") != std::string_view::npos || type.find("vector") != std::string_view::npos)
    return option_kind::list;
  return option_kind::text;
}

/// As an element of a list in a file.
std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\')
      out += '\\';
    out += c;
  }
  return out + '"';
}

/// The elements that a command line names, `a,b` or `["a", "b"]`, as they stand in a file between brackets.
std::string list_elements(std::string_view text) {
  if (text.size() > 1 && text.front() == '[' && text.back() == ']')
    return std::string{text.substr(1, text.size() - 2)};
  std::string out;
  for (std::size_t begin = 0; begin <= text.size();) {
    const auto end = std::min(text.find(',', begin), text.size());
    out += (begin == 0 ? "" : ", ") + quoted(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return out;
}

} // namespace

clustered_system_config::clustered_system_config(caf_defaults defaults)
    : system_config(defaults),
      heartbeat_interval_(options_.heartbeat_interval),
      suspect_after_(options_.suspect_after),
      down_after_(options_.down_after),
      handshake_timeout_(options_.handshake_timeout),
      poll_time_(options_.poll_time) {
  load<caf::io::middleman>();
  if (defaults == caf_defaults::tuned)
    internal::set_defaults(*this); // CAF 1.x forgets what was set of a module before it is loaded
  for (const auto& option : custom_options_)
    groups_of_caf_.emplace(view_of(option.category()));
  option_group{*this, "registry"}
      .add(options_.listen, "listen", "address to listen on for other nodes, as host:port; without one the node is alone")
      .add(options_.advertise, "advertise", "address at which other nodes reach this one, as host:port, if that is another")
      .add(options_.seeds, "seeds", "addresses of some nodes of the cluster, each as host:port")
      .add(options_.node_name, "node-name", "name of this node in logs and in the status of others, instead of its address")
      .add(options_.name, "cluster", "name of the cluster; nodes of other names are refused")
      .add(options_.secret, "secret", "secret that all nodes of the cluster share; in a file or in the environment only")
      .add(secret_file_, "secret-file", "file whose first line is the secret")
      .add(other_secret_file_, "other-secret-file",
           "file whose first line is another secret, valid as well while secrets change")
      .add(options_.encryption, "encryption",
           "whether links are encrypted: required, prefer or none; unless it is set, required where there is a secret or a "
           "certificate")
      .add(options_.tls_certificate, "tls-certificate", "file with the certificate of this node, in PEM format")
      .add(options_.tls_key, "tls-key", "file with the key of the certificate; others must not be able to read it")
      .add(options_.tls_ca, "tls-ca", "file with the certificates of the authorities that other nodes' are of")
      .add(options_.allow_no_secret, "allow-no-secret", "let anybody who reaches the port join the cluster")
      .add(heartbeat_interval_, "heartbeat-interval", "time between two signs of life to other nodes")
      .add(suspect_after_, "suspect-after", "silence after which another node counts as unreachable")
      .add(down_after_, "down-after", "silence after which another node counts as gone")
      .add(handshake_timeout_, "handshake-timeout", "time limit of a connection's handshake")
      .add(poll_time_, "poll-time", "how long threads poll for the next change from another node, before they sleep")
      .add(options_.protocol_version, "protocol-version", "newest version of the protocol between nodes to speak")
      .add(options_.max_message, "max-message", "longest message of another node, in bytes")
      .add(options_.max_waiting, "max-waiting", "bytes that may wait to be sent to another node")
      .add(options_.log_level, "log-level",
           "least severe lines of the registry's log: trace, debug, info, warn, error or off; unless it is given, as the "
           "program logs")
      .add(options_.log_file, "log-file", "file that the registry's log is appended to; without one the standard error");
  known_["registry.secret"].is_secret = true;
}

// -- The table ------------------------------------------------------------------------------------------------------------------

std::string clustered_system_config::spelling_of(std::string_view full_name) const {
  const auto is_plain = !plain_group_.empty() && full_name.starts_with(plain_group_ + ".");
  return "--" + std::string{is_plain ? full_name.substr(plain_group_.size() + 1) : full_name};
}

option_description clustered_system_config::describe(const caf::config_option& option) const {
  const auto known = known_.find(full_name_of(option));
  auto out = known == known_.end() ? option_of_kind(kind_of(view_of(option.type_name()))) : known->second;
  out.group = view_of(option.category());
  out.name = view_of(option.long_name());
  out.spelling = spelling_of(full_name_of(option));
  out.purpose = view_of(option.description());
  out.is_of_caf = groups_of_caf_.contains(out.group);
  out.variable = variable_of(out);
  return out;
}

std::vector<option_description> clustered_system_config::options() const {
  auto file = option_of_kind(option_kind::text);
  file.name = "config-file";
  file.spelling = "--config-file";
  file.purpose = "configuration file";
  std::vector<option_description> out{file};
  for (const auto& option : custom_options_) {
    if (view_of(option.category()) != "global") // --help and the like
      out.push_back(describe(option));
  }
  return out;
}

bool clustered_system_config::is_group(std::string_view name) const {
  return std::any_of(custom_options_.begin(), custom_options_.end(), [&](const auto& x) {
    const auto category = view_of(x.category());
    return category.starts_with(name) && (category.size() == name.size() || category[name.size()] == '.');
  });
}

error clustered_system_config::wrong_option(std::string_view full_name, std::string_view what) const {
  const auto found = places_.find(full_name);
  const auto option = found == places_.end() ? "option " + spelling_of(full_name) : found->second.option;
  return wrong(option + " " + std::string{what});
}

clustered_system_config::source clustered_system_config::source_of(std::string_view full_name) const {
  const auto found = places_.find(full_name);
  return found == places_.end() ? source::nowhere : found->second.kind;
}

// -- The file -------------------------------------------------------------------------------------------------------------------

result<void> clustered_system_config::read_file(const std::string& file, bool must_exist) {
  std::string content;
  if (std::ifstream in{file}; in && !std::filesystem::is_directory(file))
    content.assign(std::istreambuf_iterator<char>{in}, {});
  else if (must_exist)
    return wrong("option --config-file: there is no readable file '" + file + "'");
  const auto parsed = internal::parse_content(content);
  if (const auto* fault = std::get_if<internal::syntax_fault>(&parsed)) {
    const auto place = fault->line > 0 ? ":" + std::to_string(fault->line) + ":" + std::to_string(fault->column) : "";
    return wrong(file + place + ": syntax error: " + fault->what +
                 "; write options as name = value, texts in double quotes, between braces behind the name of their group");
  }
  file_ = file;
  const auto& groups = std::get<caf::settings>(parsed);
  if (auto checked = check_content(groups, {}, file, file_lines(content)); !checked)
    return checked;
  if (const auto failed = internal::load(*this, content))
    return wrong("the configuration cannot be read: " + internal::to_text(failed));
  return success();
}

// CAF takes whatever stands in a file, so that a misspelled option would be one that is not set.
result<void> clustered_system_config::check_content(const caf::settings& content, const std::string& group,
                                                    const std::string& file,
                                                    const std::map<std::string, int, std::less<>>& lines) {
  for (const auto& [key, value] : content) {
    const auto name = group.empty() ? std::string{key} : group + "." + std::string{key};
    const auto line = lines.find(name);
    const auto where = line == lines.end() ? file : file + ":" + std::to_string(line->second);
    const auto* inner = caf::get_if<caf::settings>(&value);
    if (inner == nullptr || custom_options_.qualified_name_lookup(name) != nullptr) {
      if (auto checked = check_value(name, value, where); !checked)
        return checked;
    } else if (is_group(name)) {
      if (auto checked = check_content(*inner, name, file, lines); !checked)
        return checked;
    } else if (!name.starts_with("caf.")) { // of which CAF reads some that it does not list
      std::vector<std::string> groups;
      for (const auto& option : custom_options_)
        groups.emplace_back(view_of(option.category()));
      return no_such_group(where, name, groups);
    }
  }
  return success();
}

result<void> clustered_system_config::check_value(const std::string& name, const caf::config_value& x,
                                                  const std::string& where) {
  const auto* option = custom_options_.qualified_name_lookup(name);
  if (option == nullptr) {
    std::vector<std::string> names;
    for (const auto& each : own_first(options())) {
      if (!each.group.empty())
        names.push_back(each.full_name());
    }
    return wrong(where + ": there is no option " + name + did_you_mean(nearest_name(name, names)));
  }
  places_[name] = {source::file, where + ": option " + name};
  if (!internal::fits(*option, x))
    return wrong_option(name, wrong_value(describe(*option), to_string(x)));
  internal::store(*option, x);
  return success();
}

// -- The environment ------------------------------------------------------------------------------------------------------------

result<void> clustered_system_config::read_environment() {
  for (const auto& option : custom_options_) {
    const auto what = describe(option);
    const auto* text = what.group == "global" ? nullptr : std::getenv(what.variable.c_str());
    if (text == nullptr || *text == '\0')
      continue;
    places_[what.full_name()] = {source::environment, "the environment variable " + what.variable};
    if (!internal::assign(*this, option, what.kind == option_kind::list ? "[" + list_elements(text) + "]" : text))
      return wrong_option(what.full_name(), wrong_value(what, text));
  }
  return success();
}

// -- The command line -----------------------------------------------------------------------------------------------------------

result<void> clustered_system_config::read(int argc, char** argv, const std::string& default_file) {
  const auto all = options();
  std::vector<option_setting> given;
  for (int i = 1; i < argc; ++i) {
    const std::string argument{argv[i]};
    const auto equals = std::min(argument.find('='), argument.size());
    const auto written = argument.substr(0, equals);
    if (written == "--help" || written == "-h" || written == "--long-help") {
      std::cout << "usage: " << argv[0] << " [--config-file=FILE] [--group.name=value]...\n\n";
      for (const auto& option : all)
        std::cout << (option.is_of_caf || option.is_secret ? "" : help_entry(option));
      std::cout << "\nThe environment has them, too, in capitals: REGISTRY_LISTEN.\n";
      has_printed_help_ = true;
      return success();
    }
    if (!written.starts_with("--"))
      return wrong("'" + argument + "' is not an option; options are written as --group.name=value");
    const auto option =
        std::ranges::find_if(all, [&](const auto& x) { return written == x.spelling || written == "--" + x.full_name(); });
    if (option == all.end())
      return wrong(unknown_option(written, all));
    if (equals == argument.size() && option->kind != option_kind::flag)
      return value_missing(written);
    given.push_back({option->full_name(), equals == argument.size() ? "true" : argument.substr(equals + 1)});
  }
  return read(given, default_file);
}

result<void> clustered_system_config::read(const std::vector<option_setting>& given, const std::string& default_file) {
  std::optional<std::string> file;
  for (const auto& x : given) {
    if (x.name == "config-file")
      file = x.value;
  }
  if (auto done = read_file(file.value_or(default_file), file.has_value()); !done)
    return done;
  if (auto done = read_environment(); !done)
    return done;
  return apply(given);
}

result<void> clustered_system_config::apply(const std::vector<option_setting>& given) {
  std::map<std::string, std::string, std::less<>> lists;
  for (const auto& [name, text] : given) {
    if (name == "config-file")
      continue;
    const auto* option = custom_options_.qualified_name_lookup(name);
    if (option == nullptr)
      return wrong(unknown_option("--" + name, options()));
    const auto what = describe(*option);
    places_[name] = {source::command_line, "option " + what.spelling};
    if (what.is_secret)
      return wrong_option(name,
                          "must not stand on a command line, which everybody on this machine can read: write the secret "
                          "to a file and give " +
                              what.spelling + "-file=FILE, or set the environment variable " + what.variable);
    auto value = text;
    if (what.kind == option_kind::list) {
      auto& list = lists[name];
      list += (list.empty() ? "" : ", ") + list_elements(text);
      value = "[" + list + "]";
    }
    if (!internal::assign(*this, *option, value))
      return wrong_option(name, wrong_value(what, text));
  }
  return success();
}

// -- The cluster ----------------------------------------------------------------------------------------------------------------

result<cluster_options> clustered_system_config::cluster() const {
  auto out = options_;
  out.heartbeat_interval = in_milliseconds(heartbeat_interval_);
  out.suspect_after = in_milliseconds(suspect_after_);
  out.down_after = in_milliseconds(down_after_);
  out.handshake_timeout = in_milliseconds(handshake_timeout_);
  out.poll_time = std::chrono::duration_cast<std::chrono::microseconds>(poll_time_);
  if (auto secret = secret_of_cluster(); !secret)
    return secret.error();
  else
    out.secret = std::move(secret).value();
  if (!other_secret_file_.empty()) {
    auto other = read_secret_file(other_secret_file_);
    if (!other)
      return wrong_option("registry.other-secret-file", other.error().message());
    out.other_secret = std::move(other).value();
  }
  if (const auto fault = find_fault(out)) {
    const auto is_text = fault->option == "secret-file" && !out.secret.empty() && !takes_secret_from_file();
    return wrong_option("registry." + (is_text ? "secret" : fault->option), fault->what);
  }
  if (const auto fault = out.is_clustered() ? find_certificate_fault(out) : std::nullopt)
    return wrong_option("registry." + fault->option, fault->what);
  return out;
}

bool clustered_system_config::takes_secret_from_file() const {
  return !secret_file_.empty() && source_of(in_text) <= source_of(in_file);
}

result<std::string> clustered_system_config::secret_of_cluster() const {
  if (!takes_secret_from_file()) {
    if (source_of(in_text) == source::file && !options_.secret.empty() && is_open_to_others(file_))
      return wrong_option(in_text, "stands in a file that " + remedy_against_others(file_) +
                                       ", or keep the secret in a file of its own: registry.secret-file");
    return options_.secret;
  }
  auto secret = read_secret_file(secret_file_);
  if (!secret)
    return wrong_option(in_file, secret.error().message());
  return secret;
}

} // namespace registry::inline v0_2
