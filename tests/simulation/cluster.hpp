#pragma once

#include <simulation/mutant.hpp>
#include <simulation/network.hpp>
#include <simulation/node.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace registry::simulation {

struct run_options {
  std::uint64_t seed = 0;
  std::size_t nodes = 5;
  /// Steps of disturbance before the network heals.
  std::size_t steps = 200;
  bool trace = false;
  /// No disturbance and the bounds of a real node: for `measure`.
  bool calm = false;
  mutant fault = mutant::none;
};

/// The costs of a calm cluster of some size, in simulated time.
struct growth {
  instant until_linked{};       ///< from the start of all nodes at once until all are linked with all
  instant until_seen{};         ///< from one join on every node until every node has all of them
  instant slowest_delay{};      ///< of a message between two nodes
  double messages_per_join = 0; ///< between nodes, without heartbeats: frames that carry or acknowledge it
  double bytes_per_join = 0;
};

/// One run of a whole cluster: `steps` random operations and disturbances, then everything heals, and within a bounded time
/// all nodes must have the same content, and keep it.
class cluster final : private network_user, private surroundings {
public:
  explicit cluster(const run_options& options);
  /// The violation, or nothing.
  std::optional<std::string> run();
  [[nodiscard]] std::string statistics() const;
  /// Instead of `run`, with a `calm` cluster: lets it form, and joins one actor on every node.
  growth measure();

private:
  /// Every node has two addresses, as hosts have names and numbers.
  static constexpr std::uint16_t first_port = 1000;
  static constexpr std::uint16_t first_alias = 2000;

  struct place {
    std::unique_ptr<node> running;
    node_address where;
    incarnation last;
    bool ticking = false;
    bool draining = false;
  };

  void disturb();
  void step();
  void partition();
  void restart(std::size_t i);
  void crash(std::size_t i, bool silently);
  void drain_node(std::size_t i);
  void reopen(std::size_t i);
  void heal();
  void tick(std::size_t i);
  void settle_down();
  instant wait_until(const std::function<bool()>& condition);
  std::optional<std::string> difference();
  std::optional<std::string> mesh_fault();
  void check_bounds(link_id link) const;
  void handshake(std::size_t from, const incarnation& dialler, const node_address& where, std::uint64_t number);
  void fail_dial(std::size_t from, const incarnation& dialler, const node_address& where, dial_failure why, instant after);
  std::optional<std::size_t> at(const node_address& where) const;
  bool is_running(std::size_t i, const incarnation& who) const;

  // network_user
  bool runs(std::size_t i) override;
  incarnation who(std::size_t i) override { return places_[i].running ? places_[i].running->self : incarnation{}; }
  void arrived(std::size_t i, link_id link, const message& what) override;
  void ended(std::size_t i, link_id link) override;
  void straggler(std::size_t i, const incarnation& from, const message& what) override;
  bool has_moved_on(std::size_t i, const incarnation& from, link_id link) override;
  // surroundings
  void dial(std::size_t i, const node_address& where, std::uint64_t number) override;
  void send(link_id link, message what) override;
  void close(link_id link) override { network_.close(link); }
  void log(std::size_t i, const std::string& text) override;

  run_options options_;
  world world_;
  std::vector<place> places_;
  network network_;
  std::uint64_t frames_ = 0;
  std::uint64_t frame_bytes_ = 0;
};

} // namespace registry::simulation
