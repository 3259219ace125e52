#include <bench/cluster/nodes.hpp>
#include <bench/support/sample.hpp>

#include <support/waiting.hpp>

#include <registry/node/cluster_options.hpp>

#include <utility>

namespace registry::bench {

namespace {

using namespace std::chrono_literals;

std::int64_t integer(std::size_t x) {
  return static_cast<std::int64_t>(x);
}

cluster_tests::launch impatient_launch() {
  auto out = default_launch();
  out.heartbeat_interval = 200ms;
  out.suspect_after = 500ms;
  out.down_after = 1s;
  return out;
}

void link(remote_node& first, remote_node& second) {
  wait_links(first, 1);
  wait_links(second, 1);
}

} // namespace

cluster_tests::launch default_launch(const std::vector<node_address>& seeds, std::vector<value> commands,
                                     const std::string& secret) {
  const cluster_options defaults;
  cluster_tests::launch out;
  out.seeds = seeds;
  out.cluster = defaults.name;
  out.secret = secret;
  out.heartbeat_interval = defaults.heartbeat_interval;
  out.suspect_after = defaults.suspect_after;
  out.down_after = defaults.down_after;
  out.handshake_timeout = defaults.handshake_timeout;
  out.commands = std::move(commands);
  return out;
}

std::int64_t populate(remote_node& x, const std::string& prefix, std::size_t count) {
  return cluster_tests::number(
      x.ask(object("do", "populate", "prefix", prefix, "keys", integer(count), "owners", 1000, "data", sample_value(7))),
      "began");
}

void begin_wait_count(const remote_node& x, std::size_t count) {
  x.begin(object("do", "wait_count", "count", integer(count)));
}

std::int64_t finish_wait(remote_node& x) {
  return cluster_tests::number(x.finish(), "at");
}

std::int64_t wait_count(remote_node& x, std::size_t count) {
  begin_wait_count(x, count);
  return finish_wait(x);
}

std::int64_t wait_links(remote_node& x, std::size_t count) {
  return cluster_tests::number(x.ask(object("do", "wait_links", "links", integer(count))), "at");
}

std::int64_t processor_time(remote_node& x) {
  return cluster_tests::number(x.ask(object("do", "processor_time")), "microseconds");
}

linked_pair::linked_pair(const std::string& secret, bool open_second)
    : first(default_launch({}, {object("do", "open")}, secret)),
      second(default_launch({first.address()}, open_second ? std::vector{object("do", "open")} : std::vector<value>{},
                            secret)) {
  link(first, second);
  first.ask(object("do", "wait_replicated"));
}

breakable_pair::breakable_pair() : nodes_(impatient_launch()) {
  link(first(), second());
  first().ask(object("do", "wait_replicated"));
}

void breakable_pair::part() {
  nodes_.cut();
  wait_links(first(), 0);
  wait_links(second(), 0);
}

std::int64_t breakable_pair::heal() {
  const auto made = [&] { return nodes_.to_a.made() + nodes_.to_b.made(); };
  const auto before = made();
  nodes_.restore();
  testing::time_until([&] { return made() != before; });
  return testing::nanoseconds_now();
}

} // namespace registry::bench
