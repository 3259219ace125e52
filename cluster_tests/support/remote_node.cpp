#include <support/own_host.hpp>
#include <support/remote_node.hpp>
#include <support/waiting.hpp>

#include <registry/value/json.hpp>

#include <algorithm>
#include <csignal>
#include <sstream>
#include <stdexcept>

namespace cluster_tests {

using registry::testing::eventually;

using namespace registry;

namespace {

constexpr std::chrono::minutes patience{1};

std::vector<std::string> command_of(const launch& with) {
  std::vector<std::string> out{
      CLUSTER_NODE_PROGRAM,
      "--no-scopes", // the first commands open some
      "--listen=" + with.listen,
      "--cluster=" + with.cluster,
      "--heartbeat-interval=" + std::to_string(with.heartbeat_interval.count()),
      "--suspect-after=" + std::to_string(with.suspect_after.count()),
      "--down-after=" + std::to_string(with.down_after.count()),
      "--handshake-timeout=" + std::to_string(with.handshake_timeout.count()),
  };
  for (const auto& seed : with.seeds)
    out.push_back("--seed=" + to_string(seed));
  if (!with.secret.empty())
    out.push_back("--secret=" + with.secret);
  if (!with.advertise.empty())
    out.push_back("--advertise=" + with.advertise);
  out.insert(out.end(), with.arguments.begin(), with.arguments.end());
  return out;
}

/// Version 0.1 took the options of a configuration.
std::vector<std::string> command_of_first_version(const launch& with) {
  const auto time = [](const std::string& name, std::chrono::milliseconds x) {
    return "--registry." + name + "=" + std::to_string(x.count()) + "ms";
  };
  std::string seeds;
  for (const auto& seed : with.seeds)
    seeds += (seeds.empty() ? "\"" : ", \"") + to_string(seed) + "\"";
  std::vector<std::string> out{
      with.first_version,
      "--registry.listen=" + with.listen,
      "--registry.seeds=[" + seeds + "]",
      "--registry.cluster=" + with.cluster,
      "--registry.secret=" + with.secret,
      time("heartbeat-interval", with.heartbeat_interval),
      time("suspect-after", with.suspect_after),
      time("down-after", with.down_after),
      time("handshake-timeout", with.handshake_timeout),
  };
  return out;
}

} // namespace

std::string on_own_host() {
  return registry::testing::own_host() + ":0";
}

remote_node::remote_node(const launch& with)
    : process_(std::make_unique<child_process>(
          with.first_version.empty() ? command_of(with) : command_of_first_version(with), with.where)) {
  const auto greeting = finish();
  address_ = parse_address(text(greeting, "address")).value();
  self_ = text(greeting, "self");
  node_id_ = text(greeting, "node");
  for (const auto& command : with.commands) {
    if (with.first_version.empty() || text(command, "do") != "open")
      ask(command);
  }
}

void remote_node::begin(const value& command) const {
  process_->write_line(to_json(command).value());
}

value remote_node::finish() {
  const auto line = process_->read_line(patience);
  if (!line)
    throw std::runtime_error("process " + std::to_string(process_->pid()) + " (" + to_string(address_) +
                             ") does not answer; its log: " + process_->log());
  auto answer = from_json(*line).value();
  if (const auto* wrong = answer.find("error"))
    throw std::runtime_error(to_string(*wrong));
  return answer;
}

value remote_node::ask(const value& command) {
  begin(command);
  return finish();
}

std::string remote_node::refusal_of(const value& command) {
  try {
    return "the command was not refused, but answered with " + to_string(ask(command));
  } catch (const std::runtime_error& refused) {
    return refused.what();
  }
}

std::int64_t remote_node::join(const value& key, const value& data, std::int64_t count) {
  return number(ask(object("do", "join", "key", key, "data", data, "count", count)), "member");
}

std::int64_t remote_node::count(const value& key) {
  return static_cast<std::int64_t>(lookup(key).size());
}

std::vector<value> remote_node::lookup(const value& key, const std::string& scope) {
  const auto answer = ask(object("do", "lookup", "key", key, "scope", scope));
  const auto entries = field(answer, "entries").as_list();
  return {entries.begin(), entries.end()};
}

value remote_node::events() {
  std::vector<std::pair<std::string, value>> out;
  const auto all = ask(object("do", "tally", "reset", true));
  for (const auto& [name, number] : all.as_map()) {
    if (!identical(name, "delays"))
      out.emplace_back(*name.as_string(), number);
  }
  return value::map(std::move(out));
}

std::optional<int> remote_node::stop(std::chrono::milliseconds patience) {
  process_->close_input();
  return process_->wait(patience);
}

void remote_node::kill() {
  process_->signal(SIGKILL);
  static_cast<void>(process_->wait(patience));
}

void remote_node::pause() const {
  process_->signal(SIGSTOP);
}

void remote_node::resume() const {
  process_->signal(SIGCONT);
}

std::size_t remote_node::logged(const std::string& text) const {
  std::istringstream lines{process_->log()};
  std::size_t out = 0;
  for (std::string line; std::getline(lines, line);)
    out += line.find(text) != std::string::npos ? 1 : 0;
  return out;
}

node_address listening_address(const std::string& log) {
  const std::string before = "listens on ";
  const auto found = log.find(before);
  if (found == std::string::npos)
    throw std::runtime_error("a node has not logged the address it listens on, only: " + log);
  const auto begin = found + before.size();
  return parse_address(log.substr(begin, log.find(' ', begin) - begin)).value();
}

nodes cluster_of(std::size_t size, const launch& with) {
  nodes out;
  for (std::size_t i = 0; i < size; ++i) {
    auto one = with;
    if (i > 0)
      one.seeds.push_back(out.front()->address());
    out.push_back(std::make_unique<remote_node>(one));
  }
  if (!all_linked(out))
    throw std::runtime_error("the nodes of a new cluster have not found each other within a minute");
  synchronise(out);
  return out;
}

void synchronise(const nodes& all) {
  for (const auto& x : all)
    x->ask(object("do", "wait_synced"));
}

bool takes_part(remote_node& x, launch with) {
  if (!x.process().is_running())
    return false;
  with.listen = on_own_host();
  with.seeds = {x.address()};
  remote_node other{std::move(with)};
  other.join(other.self());
  return eventually([&] { return x.count(other.self()) == 1; });
}

bool all_linked(const nodes& all) {
  const auto others = static_cast<std::int64_t>(all.size()) - 1;
  return std::all_of(all.begin(), all.end(),
                     [&](const auto& x) { return eventually([&] { return x->links() == others; }); });
}

bool all_equal(const nodes& all) {
  return eventually([&] {
    const auto first = all.front()->digest();
    return std::all_of(all.begin() + 1, all.end(), [&](const auto& x) { return identical(x->digest(), first); });
  });
}

} // namespace cluster_tests
