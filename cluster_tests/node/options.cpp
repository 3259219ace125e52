#include <node/options.hpp>
#include <node/session.hpp>

#include <registry/value/json.hpp>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <chrono>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cluster_tests {

namespace {

void add_time(CLI::App& app, const std::string& name, std::chrono::milliseconds& time, const std::string& description) {
  const auto set = [&time](std::int64_t milliseconds) { time = std::chrono::milliseconds{milliseconds}; };
  app.add_option_function<std::int64_t>(name, set, description + ", in milliseconds [" + std::to_string(time.count()) + "]");
}

/// The arguments, last first as CLI11 wants them. A list of seeds as in a configuration file, which CLI11 would read in its own way,
/// is replaced by its elements.
std::vector<std::string> arguments_of(int argc, char** argv) {
  constexpr std::string_view list_option = "--registry.seeds=";
  std::vector<std::string> out;
  for (const std::string_view x : std::span{argv, static_cast<std::size_t>(argc)}.subspan(1)) {
    const auto list = x.starts_with(list_option) ? registry::from_json(x.substr(list_option.size())) : registry::value{};
    if (!list || list.value().type() != registry::value::kind::list) {
      out.emplace_back(x);
      continue;
    }
    for (const auto& seed : list.value().as_list())
      out.push_back("--seed=" + std::string{seed.as_string().value_or("")});
  }
  std::reverse(out.begin(), out.end());
  return out;
}

} // namespace

node_options read_options(int argc, char** argv) {
  node_options out;
  auto& x = out.cluster;
  // Options that the programs of apps have, too, are known by the names that they have there.
  CLI::App app{"A node of a cluster that carries out commands from its standard input.", "cluster_node"};
  app.add_option("--listen,--registry.listen", x.listen, "Address to listen on for other nodes; port 0 is any free one")
      ->type_name("HOST:PORT")
      ->required();
  app.add_option("--advertise,--registry.advertise", x.advertise,
                 "Address at which other nodes reach this one, if it differs")
      ->type_name("HOST:PORT");
  app.add_option("--node-name,--registry.node-name", x.node_name, "Name of this node in logs");
  app.add_option("--seed,--registry.seeds", x.seeds, "Address of a node to begin with; may be repeated")
      ->type_name("HOST:PORT");
  app.add_option("--cluster,--registry.cluster", x.name, "Name of the cluster")->capture_default_str();
  app.add_option("--secret,--registry.secret", x.secret, "Secret of the cluster");
  app.add_option("--other-secret", x.other_secret, "Another secret of the cluster, valid as well");
  app.add_option("--encryption,--registry.encryption", x.encryption,
                 "Whether links are encrypted: required, prefer or none");
  app.add_option("--protocol-version,--registry.protocol-version", x.protocol_version,
                 "Newest version of the protocol between nodes to speak")
      ->capture_default_str();
  app.add_flag("--allow-no-secret,--registry.allow-no-secret", x.allow_no_secret,
               "Let anybody who reaches the port join the cluster");
  add_time(app, "--heartbeat-interval", x.heartbeat_interval, "Time between two signs of life");
  add_time(app, "--suspect-after", x.suspect_after, "Silence after which a peer is unreachable");
  add_time(app, "--down-after", x.down_after, "Silence after which the entries of a peer leave");
  add_time(app, "--handshake-timeout", x.handshake_timeout, "Longest duration of a handshake");
  app.add_option("--max-message,--registry.max-message", x.max_message, "Longest message of another node, in bytes");
  app.add_option("--max-waiting,--registry.max-waiting", x.max_waiting,
                 "What may wait to be sent to another node, in bytes");
  app.add_option("--frame-size", x.replication.frame_size, "About the size of a frame of the replication, in bytes")
      ->capture_default_str();
  app.add_option("--snapshot-entries", x.replication.snapshot_entries,
                 "Entries in the largest snapshot that is accepted from a peer")
      ->capture_default_str();
  app.add_flag("!--no-scopes", out.opens_scopes,
               "Do not open the scopes rooms and names, whose keys are unique, at the start");
  app.footer(session::help());
  try {
    app.parse(arguments_of(argc, argv));
  } catch (const CLI::ParseError& over) {
    out.exit_status = app.exit(over);
  }
  return out;
}

} // namespace cluster_tests
