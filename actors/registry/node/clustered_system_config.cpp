#include <registry/compat/actor.hpp>
#include <registry/compat/config.hpp>
#include <registry/node/clustered_system_config.hpp>

#include <caf/config_option_adder.hpp>
#include <caf/io/middleman.hpp>

#include <fstream>

namespace registry {

namespace {

std::chrono::milliseconds in_milliseconds(caf::timespan x) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(x);
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

clustered_system_config::clustered_system_config()
    : heartbeat_interval_(options_.heartbeat_interval),
      suspect_after_(options_.suspect_after),
      down_after_(options_.down_after),
      handshake_timeout_(options_.handshake_timeout) {
  load<caf::io::middleman>();
  opt_group{custom_options_, "registry"}
      .add(options_.listen, "listen", "address to listen on for other nodes, as host:port; without one the node is alone")
      .add(options_.advertise, "advertise", "how others reach this node, if that differs")
      .add(options_.seeds, "seeds", "addresses of some nodes to begin with")
      .add(options_.name, "cluster", "name of the cluster")
      .add(options_.secret, "secret", "what the nodes of the cluster know and nobody else; better use secret-file")
      .add(secret_file_, "secret-file", "file with the secret")
      .add(options_.allow_no_secret, "allow-no-secret", "let anybody who reaches the port join the cluster")
      .add(heartbeat_interval_, "heartbeat-interval", "how often a node shows its peers that it lives")
      .add(suspect_after_, "suspect-after", "silence after which a peer is taken for unreachable")
      .add(down_after_, "down-after", "silence after which a peer is given up")
      .add(handshake_timeout_, "handshake-timeout", "how long a handshake may take");
}

result<void> clustered_system_config::read(int argc, char** argv, const std::string& default_file) {
  if (const auto failed = compat::parse(*this, argc, argv, default_file))
    return error(errc::invalid_argument, "the configuration cannot be read: " + compat::to_text(failed));
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

} // namespace registry
