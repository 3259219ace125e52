#include <simulation/conditions.hpp>
#include <simulation/random.hpp>

#include <utility>

namespace registry::simulation {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

void draw_lines(conditions& out, random_source& random) {
  out.heartbeats_pass = random.percent(50);
  if (random.percent(30)) {
    out.slowest_line = random.between(1'500, 12'000);
    out.piece = random.between(64, 1'024);
    out.bulk = random.percent(60);
  }
  const auto line = out.slowest_line != 0 ? out.slowest_line : 10'000;
  if (random.percent(out.slowest_line != 0 ? 50 : 15))
    out.large_value = random.between(1'000, 4 * line);
  out.corruption = random.percent(25);
  out.dying_handles = random.percent(50);
}

void draw_addresses(conditions& out, random_source& random, std::size_t nodes) {
  out.one_way = random.percent(20);
  out.refusing = random.percent(50);
  out.balancer = random.percent(20);
  out.only_balancer = out.balancer && random.percent(60);
  out.balancer_in_turn = random.percent(50);
  out.shared_address = nodes > 2 && random.percent(10);
  out.moves = random.percent(20);
  out.names = random.percent(out.moves ? 60 : 15);
  out.stale_names = seconds{random.below(10)};
}

void draw_nodes(conditions& out, random_source& random, std::size_t nodes) {
  if (random.percent(25))
    out.max_dials = random.between(4, 10);
  if (random.percent(50))
    out.dial_timeout = milliseconds{random.between(1'000, 5'000)};
  // Names take room, which slow lines do not have.
  out.rumours = out.slowest_line == 0 && random.percent(20);
  if (nodes <= 64 && random.percent(15))
    out.forget_after = seconds{random.between(20, 60)};
  if (random.percent(30))
    out.drift = static_cast<std::int64_t>(random.between(1, 80));
}

} // namespace

conditions conditions::draw(random_source& random, std::size_t nodes) {
  conditions out;
  if (random.percent(25))
    return out;
  draw_lines(out, random);
  draw_addresses(out, random, nodes);
  draw_nodes(out, random, nodes);
  return out;
}

std::string conditions::describe() const {
  const std::pair<bool, const char*> all[] = {{slowest_line != 0, "slow lines"},
                                              {heartbeats_pass, "heartbeats pass"},
                                              {bulk, "bulk"},
                                              {large_value != 0, "large values"},
                                              {corruption, "corruption"},
                                              {dying_handles, "dying handles"},
                                              {one_way, "one-way"},
                                              {one_way && refusing, "refusing"},
                                              {balancer, "balancer"},
                                              {only_balancer, "only a balancer"},
                                              {shared_address, "shared address"},
                                              {moves, "moves"},
                                              {names, "names"},
                                              {max_dials < 32, "few dials"},
                                              {rumours, "rumours"},
                                              {forget_after < std::chrono::hours{1}, "forgetting"},
                                              {drift != 0, "drift"}};
  std::string out;
  for (const auto& [is_there, name] : all) {
    if (is_there)
      out.append(out.empty() ? "" : ", ").append(name);
  }
  return out.empty() ? "nothing in particular" : out;
}

} // namespace registry::simulation
