#pragma once

#include <registry/membership/address.hpp>
#include <simulation/world.hpp>

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

namespace registry::simulation {

/// Which node answers at which address, what names lead to, and who may dial whom.
class directory {
public:
  directory(world& all, std::size_t nodes);

  ///@{
  /// A node starts: its address from now on, and its seeds. Together with the seeds of the others they connect all nodes.
  node_address start(std::size_t node);
  std::vector<node_address> seeds_of(std::size_t node);
  ///@}
  void stop(std::size_t node);

  [[nodiscard]] static bool is_name(const node_address& where);
  /// The addresses that a name leads to; none if that cannot be found out.
  std::vector<node_address> look_up(std::size_t who, const node_address& name);
  /// The node that a dial reaches, running or not; nothing if nobody has this address any more.
  std::optional<std::size_t> answers(const node_address& where);
  /// Whether a firewall lets a dial pass.
  [[nodiscard]] bool admits(std::size_t from, std::size_t to) const { return !closed_[from * at_.size() + to]; }
  /// Whether one of the two can dial the other at its address, so that they have to link.
  [[nodiscard]] bool linkable(std::size_t a, std::size_t b) const { return can_dial(a, b) || can_dial(b, a); }
  [[nodiscard]] bool shares_address(std::size_t node) const;

private:
  [[nodiscard]] node_address stable(std::size_t node) const;
  [[nodiscard]] bool are_namesakes(std::size_t a, std::size_t b) const;
  [[nodiscard]] bool can_dial(std::size_t from, std::size_t to) const;
  void draw_firewalls();
  void move(std::size_t node);
  std::size_t behind_balancer();

  world& all_;
  struct place {
    node_address where;
    node_address before;
    instant moved_at{};
    std::size_t moves = 0;
    bool runs = false;
  };
  std::vector<place> at_;
  std::map<node_address, std::size_t> nodes_;
  std::vector<node_address> left_; // that nobody has any more
  std::vector<bool> closed_;
  std::vector<bool> by_all_; // can be dialled by all
  std::size_t turn_ = 0;
  std::map<std::pair<std::size_t, node_address>, std::vector<node_address>> remembered_; // by a mutant
};

} // namespace registry::simulation
