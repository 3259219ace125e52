#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace registry::bench {

/// A measurement with several samples.
struct figure {
  double median = 0;
  double least = 0;
  double most = 0;
};

figure figure_of(std::vector<double> samples);

/// The factor from seconds, items per second or bytes to a unit such as `us`, `k/s` or `B`. Nothing for any other unit.
std::optional<double> scale_of(std::string_view unit);
/// Whether a metric is one of the two times of Google Benchmark.
bool is_time(std::string_view metric);
/// Whether more is better: a rate.
bool is_rate(std::string_view unit);

/// The output of Google Benchmark, in rounds.
class our_figures {
public:
  /// Reads a file of JSON as a part of the last round.
  void read(const std::string& file);
  void begin_round() { rounds_.emplace_back(); }
  /// The samples of a benchmark in each round. `name` has no suffix about the run, `metric` is
  /// `real_time` or `cpu_time` (in seconds), `items_per_second`, or a counter.
  [[nodiscard]] std::vector<std::vector<double>> rounds(const std::string& name, const std::string& metric) const;

private:
  struct round {
    std::map<std::pair<std::string, std::string>, std::vector<double>> samples;
  };
  std::vector<round> rounds_;
};

/// The output of the peers' scripts, in rounds.
class peer_figures {
public:
  /// Reads a file of lines as a part of the last round.
  void read(const std::string& file);
  void begin_round() { rounds_.emplace_back(); }
  /// The figure of each peer in each round. `n` is `"*"` for any; `column` is `us`, `ops`, `p50`, `p99` or `bytes`.
  [[nodiscard]] std::map<std::string, std::vector<double>> rounds(const std::string& workload, const std::string& n,
                                                                  const std::string& column) const;

private:
  struct line {
    std::string peer;
    std::string workload;
    std::string n;
    std::map<std::string, double> columns;
  };
  static std::optional<line> parse(const std::string& text);

  std::vector<std::vector<line>> rounds_;
};

} // namespace registry::bench
