#pragma once

#include <bench/report/figures.hpp>

#include <registry/value/value.hpp>

#include <optional>
#include <string>
#include <vector>

namespace registry::bench {

/// One line of the table.
struct row {
  std::string workload;
  std::string measured; ///< median and spread, or why there is none
  std::string peer;     ///< the fastest, and its figure
  std::string ratio;    ///< the subject of the target, with its spread if there were several rounds
  std::string target;
  std::string verdict; ///< `met`, `missed`, or nothing
};

/// Stands in place of a figure.
inline constexpr const char* not_measured = "not measured";

/// Judges an entry of `targets.json`, which has
///
/// - `workload`, `benchmark`, `metric` (unless it is the time), `unit`: the subject, and the benchmark that measures it;
/// - one target: `faster` than the fastest peer by a factor, `at_most` a figure in the unit, or `times` that of the benchmark
///   `of` (of the metric `of_metric`, unless that is the same) at most; or none, for a figure of interest only;
/// - `peer`: `workload`, `n` and `column` of the peers' scripts, and `recorded`, `by`: the figure to use if none was measured.
row judge(const value& target, const our_figures& ours, const peer_figures& peers);

} // namespace registry::bench
