#pragma once

#include <simulation/directory.hpp>
#include <simulation/mutant.hpp>
#include <simulation/network.hpp>
#include <simulation/node.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
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
  /// Of all that was sent, and when.
  [[nodiscard]] std::uint64_t digest() const noexcept { return digest_; }
  [[nodiscard]] std::string describe() const { return world_.around.describe(); }
  [[nodiscard]] std::string statistics() const;
  /// Instead of `run`, with a `calm` cluster: lets it form, and joins one actor on every node.
  growth measure();

private:
  struct place {
    std::unique_ptr<node> running;
    std::vector<incarnation> past; // that have ended
    instant excused_until{};       // from the bounds of what is under way
    bool ticking = false;
    bool draining = false;
  };
  struct attempt;

  void disturb();
  void step();
  void partition();
  void restart(std::size_t i);
  void crash(std::size_t i, bool silently);
  void drain_node(std::size_t i);
  void reopen(std::size_t i);
  void heal();
  void tick(std::size_t i);
  void load_lines();
  instant wait_until(const std::function<bool()>& condition);

  // conditions at the end
  void settle_down();
  void pass(instant time);
  void stay();
  [[nodiscard]] instant time_for_content() const;
  std::optional<std::string> difference();
  std::optional<std::string> difference_at(std::size_t i, std::size_t scope,
                                           const std::vector<std::vector<std::string>>& joined);
  std::optional<std::string> mesh_fault();
  std::optional<std::string> pair_fault(std::size_t a, std::size_t b);
  void check_forgetting();
  void check_window(link_id link, const message& what);

  // dials
  void try_next(const std::shared_ptr<attempt>& what);
  void handshake(const std::shared_ptr<attempt>& what, const node_address& where);
  void fail_dial(const std::shared_ptr<attempt>& what, dial_failure why, instant after);
  void note_refusal(node& dialler, node& by, dial_failure why);
  bool is_running(std::size_t i, const incarnation& who) const;
  void complete(std::size_t i, const incarnation& who, link_id link);

  // network_user
  bool runs(std::size_t i) override;
  incarnation who(std::size_t i) override { return places_[i].running ? places_[i].running->self : incarnation{}; }
  void arrived(std::size_t i, link_id link, const message& what) override;
  void ended(std::size_t i, link_id link, link_end how) override;
  void straggler(std::size_t i, const incarnation& from, const message& what) override;
  bool has_moved_on(std::size_t i, const incarnation& from, link_id link) override;
  // surroundings
  void dial(std::size_t i, const node_address& where, std::uint64_t number) override;
  void send(link_id link, message what) override;
  void close(link_id link) override { network_.close(link); }
  [[nodiscard]] bool lives(const incarnation& who) const override;
  void refuse(link_id link) override { network_.refuse(link); }
  instant heard(link_id link) override { return network_.heard(link); }
  void log(std::size_t i, const std::string& text) override;

  run_options options_;
  world world_;
  std::vector<place> places_;
  directory directory_;
  network network_;
  struct refusals {
    unsigned times;
    instant since;
  };
  /// In a row, of a dialler (first) by another node.
  std::map<std::pair<incarnation, incarnation>, refusals> kept_out_;
  /// The last answer of which something was sent in excess of a window.
  std::map<std::pair<link_id, std::size_t>, content_header> in_excess_;
  std::uint64_t digest_ = 0;
  std::uint64_t frames_ = 0;
  std::uint64_t frame_bytes_ = 0;
};

} // namespace registry::simulation
