#include <chaos/stage.hpp>
#include <support/fields.hpp>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <stdexcept>
#include <utility>

namespace cluster_tests::chaos {

using namespace std::chrono_literals;

namespace {

constexpr std::uint16_t inner_port = 4700;
constexpr std::uint16_t outer_port = 4701;
/// Small, so that what is slow is the line, and nodes notice.
constexpr std::size_t buffer_of_way = std::size_t{256} << 10U;

node_address outer_address(std::size_t host) {
  return {network::address(host), outer_port};
}

std::string secret(std::size_t number) {
  return "secret number " + std::to_string(number) + ", of 32 characters or more";
}

/// The secrets of a node that has changed so often: first the next one is valid, too, then it is dialled with, then the one before
/// is forgotten.
std::vector<std::string> arguments_of(const options& with, std::size_t changes) {
  const auto number = changes / 3;
  switch (changes % 3) {
  case 1:
    return {"--encryption=" + with.encryption, "--secret=" + secret(number), "--other-secret=" + secret(number + 1)};
  case 2:
    return {"--encryption=" + with.encryption, "--secret=" + secret(number + 1), "--other-secret=" + secret(number)};
  default:
    return {"--encryption=" + with.encryption, "--secret=" + secret(number)};
  }
}

value opening(const char* scope) {
  return object("do", "open", "scope", scope);
}

value watching(const char* scope) {
  return object("do", "watch", "scope", scope);
}

const std::vector<line_damage::kind>& all_kinds() {
  using kind = line_damage::kind;
  static const std::vector<kind> all{kind::flip, kind::drop, kind::repeat, kind::swap, kind::insert};
  return all;
}

} // namespace

stage::stage(const options& with, truth& known, chronicle& log)
    : with_(with),
      known_(known),
      log_(log),
      net_(with.nodes),
      hosts_(with.nodes),
      cuts_(with.nodes, std::vector<std::size_t>(with.nodes)) {
  for (std::size_t i = 0; i < hosts_.size(); ++i) {
    auto& x = hosts_[i];
    x.damage = std::make_unique<line_damage>(with.seed + i);
    proxy::options way;
    way.changes = [&damage = *x.damage](std::size_t connection, proxy::end sender, std::string& bytes) {
      damage.spoil(connection, sender, bytes);
    };
    way.listen = outer_address(i);
    way.network = net_.space_of(i);
    way.buffer = buffer_of_way;
    x.way = std::make_unique<proxy>(std::move(way));
    x.way->lead_to({"127.0.0.1", inner_port});
  }
  for (std::size_t i = 0; i < hosts_.size(); ++i)
    start(i);
}

// -- processes -------------------------------------------------------------------------------------------------------------

void stage::start(std::size_t at) {
  launch with;
  with.where = net_.on(at);
  with.listen = to_string(node_address{"127.0.0.1", inner_port});
  with.advertise = to_string(outer_address(at));
  for (std::size_t i = 0; i < hosts_.size(); ++i)
    with.seeds.push_back(outer_address(i));
  with.secret.clear();
  with.arguments = arguments_of(with_, hosts_[at].secrets);
  with.heartbeat_interval = 500ms;
  with.suspect_after = 2s;
  with.down_after = 8s;
  with.commands = {opening("rooms"),  object("do", "open", "scope", "names", "unique", true),
                   opening("probes"), watching("rooms"),
                   watching("names"), object("do", "join", "scope", "probes", "key", "all")};
  auto& x = hosts_[at];
  try {
    x.node = std::make_unique<remote_node>(with);
    known_.start(at, x.node->self());
    log_.note("node " + std::to_string(at) + " is process " + std::to_string(x.node->process().pid()) + ", " +
              x.node->self());
  } catch (const std::exception& failed) {
    x.node.reset();
    known_.end(at);
    log_.blame_process("node " + std::to_string(at) + " does not start: " + failed.what());
  }
}

void stage::end(std::size_t at) {
  known_.end(at);
  if (hosts_[at].node)
    hosts_[at].node->kill();
  hosts_[at].node.reset();
}

void stage::stop(std::size_t at) {
  known_.end(at);
  if (!hosts_[at].node)
    return;
  const auto status = hosts_[at].node->stop();
  if (status != 0) {
    log_.blame_process("node " + std::to_string(at) +
                       (status ? " ends with status " + std::to_string(*status) : " does not stop within a minute") +
                       "; its log: " + hosts_[at].node->process().log());
  }
  end(at);
}

std::optional<value> stage::ask(std::size_t at, const value& command) {
  if (!hosts_[at].node)
    return std::nullopt;
  try {
    return hosts_[at].node->ask(command);
  } catch (const std::exception& failed) {
    if (!hosts_[at].node->process().is_running()) {
      look_for_deaths();
      return std::nullopt;
    }
    log_.blame_content("node " + std::to_string(at) + " fails at " + to_string(command).substr(0, 200) + ": " +
                       failed.what());
    return std::nullopt;
  }
}

void stage::look_for_deaths() {
  for (std::size_t i = 0; i < hosts_.size(); ++i) {
    if (!hosts_[i].node || hosts_[i].node->process().is_running())
      continue;
    const auto status = hosts_[i].node->process().wait(0ms);
    log_.blame_process("node " + std::to_string(i) + " has ended with status " + std::to_string(status.value_or(0)) +
                       "; its log: " + hosts_[i].node->process().log());
    end(i);
    start(i);
  }
}

void stage::write_logs(const std::filesystem::path& folder) const {
  for (std::size_t i = 0; i < hosts_.size(); ++i) {
    if (hosts_[i].node)
      std::ofstream{folder / ("node" + std::to_string(i) + ".log")} << hosts_[i].node->process().log();
  }
}

std::size_t stage::damage() const {
  std::size_t out = 0;
  for (const auto& x : hosts_)
    out += x.damage->count();
  return out;
}

// -- actions ---------------------------------------------------------------------------------------------------------------

void stage::carry_out(const action& x) {
  look_for_deaths();
  if (is_operation(x.what))
    operate(x);
  else if (x.what == deed::rest)
    examine();
  else if (x.what <= deed::pause)
    at_process(x);
  else
    at_line(x);
}

void stage::operate(const action& x) {
  switch (x.what) {
  case deed::join:
    return join(x);
  case deed::update:
    if (ask(x.node, object("do", "update", "scope", x.scope, "key", x.key, "member", x.member, "data", x.data)))
      known_.update(x.node, x.scope, x.key, x.member, x.data);
    return;
  case deed::leave:
    if (ask(x.node, object("do", "leave", "scope", x.scope, "key", x.key, "member", x.member)))
      known_.leave(x.node, x.scope, x.key, x.member);
    return;
  case deed::end_member:
    if (ask(x.node, object("do", "kill", "member", x.member)))
      known_.end_member(x.node, x.member);
    return;
  default:
    static_cast<void>(ask(x.node, object("do", "dispatch", "scope", x.scope, "key", x.key, "strategy", x.strategy)));
  }
}

void stage::join(const action& x) {
  auto command =
      std::vector<std::pair<std::string, value>>{{"do", "join"}, {"scope", x.scope}, {"key", x.key}, {"data", x.data}};
  if (x.member >= 0)
    command.emplace_back("member", x.member);
  if (x.is_refused) {
    if (!hosts_[x.node].node)
      return;
    const auto refusal = hosts_[x.node].node->refusal_of(value::map(std::move(command)));
    if (refusal.find("already_registered") == std::string::npos && refusal.find("already registered") == std::string::npos)
      log_.blame_content("a second holder of a unique key is not refused: " + refusal);
    return;
  }
  if (const auto answer = ask(x.node, value::map(std::move(command))))
    known_.join(x.node, x.scope, x.key, number(*answer, "member"), number(*answer, "actor"), x.data);
}

void stage::at_process(const action& x) {
  switch (x.what) {
  case deed::crash_scope:
    static_cast<void>(ask(x.node, object("do", "crash", "scope", x.scope)));
    return;
  case deed::pause:
    if (hosts_[x.node].node)
      x.ends ? hosts_[x.node].node->resume() : hosts_[x.node].node->pause();
    return;
  default:
    break;
  }
  if (x.ends)
    return start(x.node);
  switch (x.what) {
  case deed::kill:
    return end(x.node);
  case deed::drain:
    static_cast<void>(ask(x.node, object("do", "drain")));
    return stop(x.node);
  default: // restart and rotate
    hosts_[x.node].secrets += x.what == deed::rotate ? 1 : 0;
    stop(x.node);
    start(x.node);
  }
}

void stage::at_line(const action& x) {
  auto& at = hosts_[x.node];
  switch (x.what) {
  case deed::flap:
    return x.ends ? at.way->restore() : at.way->cut();
  case deed::unplug:
    return x.ends ? net_.plug(x.node) : net_.unplug(x.node);
  case deed::part:
    return part(x);
  case deed::cut_way:
    return cut(x.node, x.other, x.ends);
  case deed::lose:
    return net_.lose(x.node, x.ends ? 0 : x.amount);
  case deed::limit:
    return net_.limit(x.node, x.ends ? 0 : x.amount);
  case deed::delay:
    return at.way->delay(std::chrono::milliseconds{x.ends ? 0 : x.amount});
  default:
    return x.ends ? at.damage->end() : at.damage->begin(all_kinds(), x.amount);
  }
}

void stage::cut(std::size_t from, std::size_t to, bool restored) {
  auto& count = cuts_[from][to];
  if (restored && --count == 0)
    net_.restore(from, to);
  else if (!restored && ++count == 1)
    net_.cut(from, to);
}

void stage::part(const action& x) {
  for (const auto a : x.group) {
    for (std::size_t b = 0; b < hosts_.size(); ++b) {
      if (std::ranges::find(x.group, b) != x.group.end())
        continue;
      cut(a, b, x.ends);
      cut(b, a, x.ends);
    }
  }
}

} // namespace cluster_tests::chaos
