#include <support/proxied_pair.hpp>
#include <support/waiting.hpp>

#include <stdexcept>
#include <string>
#include <utility>

namespace cluster_tests {

using registry::testing::eventually;

namespace {

std::unique_ptr<remote_node> start(launch with, const proxy& own, const proxy& other) {
  with.advertise = to_string(own.address());
  with.seeds = {other.address()};
  return std::make_unique<remote_node>(with);
}

} // namespace

proxied_pair::proxied_pair(launch with, std::chrono::milliseconds delay)
    : proxied_pair(std::move(with), {.delay = delay}, {.delay = delay}) {}

proxied_pair::proxied_pair(launch with, proxy::options way_to_a, proxy::options way_to_b)
    : to_a(std::move(way_to_a)), to_b(std::move(way_to_b)), a(start(with, to_a, to_b)), b(start(with, to_b, to_a)) {
  to_a.lead_to(listening_address(a->process().log()));
  to_b.lead_to(listening_address(b->process().log()));
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
  if (!equal())
    throw std::runtime_error("two linked nodes do not get the same content within a minute");
  for (auto* x : both()) {
    x->watch();
    if (const auto wrong = x->verify(); !wrong.empty())
      throw std::runtime_error("the subscription of " + to_string(x->address()) + " is wrong: " + wrong);
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
