#pragma once

#include <chaos/action.hpp>
#include <chaos/truth.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <random>
#include <vector>

namespace cluster_tests::chaos {

/// What happens and when, one action after the other. All of it comes from the seed and from the outcome of the operations before, which
/// is always the same; so a seed gives the same actions each time.
class plan {
public:
  plan(std::uint64_t seed, std::size_t nodes, const truth& known);

  /// The next action; times never descend. The caller has carried out those before, and told the truth.
  action next();

private:
  using milliseconds = std::chrono::milliseconds;

  std::optional<action> operation();
  void choose_entry(action& x);
  void choose_join(action& x);
  std::optional<action> fault();
  bool aim(action& x);
  bool aim_at_process(action& x);
  bool aim_at_line(action& x);
  action end_of(const action& x);
  registry::value data();

  std::size_t any(std::size_t below) { return static_cast<std::size_t>(random_() % below); }
  /// As often between 1 and 10 as between 10 and 100.
  double any_magnitude(double least, double most);
  milliseconds any_time(double least, double most) {
    return milliseconds{static_cast<std::int64_t>(any_magnitude(least, most))};
  }
  milliseconds pause(double mean);
  [[nodiscard]] std::vector<std::size_t> free_nodes() const;
  [[nodiscard]] bool is_open(deed what, std::size_t node) const;

  std::mt19937_64 random_;
  const std::size_t nodes_;
  const truth& known_;
  milliseconds next_operation_{0};
  milliseconds next_fault_{0};
  milliseconds next_rest_{0};
  /// The ends of what lasts.
  std::vector<action> open_;
  std::vector<std::size_t> secrets_; ///< by node: how often it has changed
  std::int64_t serial_ = 0;
};

} // namespace cluster_tests::chaos
