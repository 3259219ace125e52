// What a stage finds out at rest.

#include <chaos/stage.hpp>
#include <support/fields.hpp>
#include <support/waiting.hpp>

#include <algorithm>
#include <stdexcept>

namespace cluster_tests::chaos {

using registry::testing::eventually;

namespace {

std::string name_of(std::size_t node) {
  return "node " + std::to_string(node);
}

} // namespace

void stage::examine() {
  const auto begin = log_.elapsed();
  try {
    look_for_deaths();
    const auto right = all_links() && all_content("rooms") && all_content("names") && all_folds("rooms") &&
                       all_folds("names") && all_probes();
    if (!right)
      return;
  } catch (const std::exception& failed) {
    look_for_deaths();
    log_.blame_content(failed.what());
    return;
  }
  known_.settle();
  std::vector<std::size_t> memory;
  for (const auto& x : hosts_)
    memory.push_back(x.node->process().memory());
  log_.rested(log_.elapsed() - begin, memory);
}

bool stage::wait(const std::function<bool()>& holds, const std::function<std::string()>& what) {
  const bool out = eventually(holds);
  if (!out)
    log_.blame_content("a minute after the last fault " + what());
  return out;
}

bool stage::all_links() {
  const auto others = static_cast<std::int64_t>(hosts_.size()) - 1;
  for (std::size_t i = 0; i < hosts_.size(); ++i) {
    auto& x = hosts_[i].node;
    if (!x)
      throw std::runtime_error(name_of(i) + " does not run");
    if (!wait([&] { return x->links() == others; },
              [&] { return name_of(i) + " has " + std::to_string(x->links()) + " links"; }))
      return false;
  }
  return true;
}

std::vector<std::string> stage::content(std::size_t at, const std::string& scope) {
  std::vector<std::string> out;
  const auto answer = hosts_[at].node->ask(object("do", "content", "scope", scope));
  for (const auto& x : field(answer, "lines").as_list())
    out.emplace_back(x.as_string().value_or(""));
  std::ranges::sort(out);
  return out;
}

bool stage::all_content(const std::string& scope) {
  const auto expected = known_.lines(scope);
  for (std::size_t i = 0; i < hosts_.size(); ++i) {
    std::vector<std::string> found;
    const auto is_right = [&] {
      found = content(i, scope);
      return found == expected;
    };
    const auto difference = [&] {
      return name_of(i) + " is wrong about the scope " + scope + ":\n" + difference_of(expected, found);
    };
    if (!wait(is_right, difference))
      return false;
  }
  return true;
}

bool stage::all_folds(const std::string& scope) {
  for (std::size_t i = 0; i < hosts_.size(); ++i) {
    const auto wrong = text(hosts_[i].node->ask(object("do", "verify", "scope", scope)), "wrong");
    if (wrong.empty())
      continue;
    log_.blame_content("the events of " + name_of(i) + " do not give its scope " + scope + ": " + wrong);
    return false;
  }
  return true;
}

std::int64_t stage::probes(std::size_t at) {
  return number(hosts_[at].node->ask(object("do", "status", "scope", "probes")), "probes");
}

/// Each node sends a message to all; each must get all of them, once.
bool stage::all_probes() {
  const auto nodes = static_cast<std::int64_t>(hosts_.size());
  const auto known = [&](std::size_t i) {
    return number(hosts_[i].node->ask(object("do", "count", "scope", "probes")), "count");
  };
  std::vector<std::int64_t> before;
  for (std::size_t i = 0; i < hosts_.size(); ++i) {
    if (!wait([&] { return known(i) == nodes; },
              [&] { return name_of(i) + " knows " + std::to_string(known(i)) + " nodes"; }))
      return false;
    before.push_back(probes(i));
  }
  for (const auto& x : hosts_)
    x.node->ask(object("do", "dispatch", "scope", "probes", "key", "all", "strategy", "all", "text", "probe"));
  const auto got = [&](std::size_t i) { return probes(i) - before[i]; };
  for (std::size_t i = 0; i < hosts_.size(); ++i) {
    if (!wait([&] { return got(i) >= nodes; },
              [&] { return name_of(i) + " has got " + std::to_string(got(i)) + " of the messages from all nodes"; }))
      return false;
  }
  for (std::size_t i = 0; i < hosts_.size(); ++i) {
    if (got(i) == nodes)
      continue;
    log_.blame_content(name_of(i) + " has got a message twice");
    return false;
  }
  return true;
}

} // namespace cluster_tests::chaos
