#include <support/proxied_pair.hpp>
#include <support/waiting.hpp>

#include <support/catch.hpp>

#include <string>

namespace cluster_tests {

using registry::testing::eventually;

namespace {

/// Where it listens itself, which only its log says.
node_address listening(remote_node& x) {
  const auto log = x.process().log();
  const std::string before = "listens on ";
  const auto begin = log.find(before) + before.size();
  return registry::parse_address(log.substr(begin, log.find(' ', begin) - begin)).value();
}

std::unique_ptr<remote_node> start(launch with, const proxy& own, const proxy& other) {
  with.advertise = to_string(own.address());
  with.seeds = {other.address()};
  return std::make_unique<remote_node>(with);
}

} // namespace

proxied_pair::proxied_pair(launch with, std::chrono::milliseconds delay)
    : to_a(delay), to_b(delay), a(start(with, to_a, to_b)), b(start(with, to_b, to_a)) {
  to_a.lead_to(listening(*a));
  to_b.lead_to(listening(*b));
}

bool proxied_pair::linked() const {
  return eventually([&] { return a->links() == 1 && b->links() == 1; });
}

bool proxied_pair::equal() const {
  return eventually([&] { return a->digest() == b->digest(); });
}

void proxied_pair::populate(std::int64_t keys) const {
  for (auto* x : both())
    x->ask(object("do", "populate", "prefix", x->self(), "keys", keys));
}

void proxied_pair::watch() const {
  REQUIRE(equal());
  for (auto* x : both()) {
    x->watch();
    REQUIRE(x->verify() == "");
    x->events();
  }
}

void proxied_pair::silence() {
  to_a.silence();
  to_b.silence();
}

void proxied_pair::cut() {
  to_a.cut();
  to_b.cut();
}

void proxied_pair::restore() {
  to_a.restore();
  to_b.restore();
}

} // namespace cluster_tests
