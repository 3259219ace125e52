#include <bench/report/json.hpp>
#include <bench/report/row.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace registry::bench {

namespace {

std::string short_number(double x) {
  if (x >= 100)
    return fmt::format("{:.0f}", x);
  return x >= 10 ? fmt::format("{:.1f}", x) : fmt::format("{:.2f}", x);
}

std::string with_spread(const figure& x, std::string_view unit) {
  if (x.least == x.most)
    return fmt::format("{} {}", short_number(x.median), unit);
  return fmt::format("{} {} ({}..{})", short_number(x.median), unit, short_number(x.least), short_number(x.most));
}

/// The median of each round, in the unit.
std::vector<double> medians(const std::vector<std::vector<double>>& rounds, double scale) {
  std::vector<double> out;
  for (const auto& x : rounds)
    out.push_back(figure_of(x).median * scale);
  return out;
}

struct opponent {
  std::string name;
  std::vector<double> rounds; ///< in the unit of the row
  bool recorded = false;
};

/// From a figure of the peers' scripts to the unit of the row.
double peer_scale(const std::string& column, const std::string& unit) {
  const auto scale = scale_of(unit).value_or(1);
  return column == "ops" || column == "bytes" ? scale : scale * 1e-6;
}

/// The fastest measured peer, or else the recorded one.
std::optional<opponent> fastest_peer(const value& target, const std::string& unit, const peer_figures& peers) {
  const auto* const about = target.find("peer");
  if (about == nullptr)
    return std::nullopt;
  const auto column = text(*about, "column");
  std::optional<opponent> best;
  for (const auto& [name, measured] : peers.rounds(text(*about, "workload"), text(*about, "n"), column)) {
    opponent one{name, measured};
    for (auto& x : one.rounds)
      x *= peer_scale(column, unit);
    const auto mine = figure_of(one.rounds).median;
    if (!best || (is_rate(unit) ? mine > figure_of(best->rounds).median : mine < figure_of(best->rounds).median))
      best = std::move(one);
  }
  if (!best && about->find("recorded") != nullptr)
    best = opponent{text(*about, "by"), {number(*about, "recorded")}, true};
  return best;
}

/// Round by round if both have the same number of rounds, because other work on the machine slowed both.
figure ratio_of(const std::vector<double>& over, const std::vector<double>& under) {
  if (over.size() != under.size())
    return figure_of({figure_of(over).median / figure_of(under).median});
  std::vector<double> out;
  for (std::size_t i = 0; i < over.size(); ++i)
    out.push_back(over[i] / under[i]);
  return figure_of(out);
}

const char* verdict_of(bool met) {
  return met ? "met" : "MISSED";
}

void judge_against_peer(row& out, const value& target, const std::vector<double>& ours, const opponent& other,
                        const std::string& unit) {
  const auto ratio = is_rate(unit) ? ratio_of(ours, other.rounds) : ratio_of(other.rounds, ours);
  out.ratio = with_spread(ratio, "x");
  if (target.find("faster") == nullptr)
    return;
  const auto wanted = number(target, "faster");
  out.target = fmt::format(">= {} x the peer", short_number(wanted));
  out.verdict = verdict_of(ratio.median >= wanted);
}

} // namespace

row judge(const value& target, const our_figures& ours, const peer_figures& peers) {
  row out;
  out.workload = text(target, "workload");
  const auto unit = text(target, "unit");
  const auto scale = scale_of(unit);
  if (!scale)
    give_up("unknown unit \"" + unit + "\" of \"" + out.workload + "\"");
  auto metric = text(target, "metric");
  if (metric.empty())
    metric = is_rate(unit) ? "items_per_second" : "real_time";
  const auto of_unit = [&](const std::string& name) { return is_time(name) || is_rate(unit) ? *scale : 1.0; };
  const auto rounds = ours.rounds(text(target, "benchmark"), metric);
  const auto other = fastest_peer(target, unit, peers);
  if (other)
    out.peer = fmt::format("{} {}{}", other->name, short_number(figure_of(other->rounds).median),
                           other->recorded ? " (recorded)" : "");
  if (target.find("at_most") != nullptr)
    out.target = fmt::format("<= {} {}", short_number(number(target, "at_most")), unit);
  if (rounds.empty()) {
    out.measured = not_measured;
    return out;
  }
  std::vector<double> samples;
  for (const auto& x : rounds) {
    for (const auto sample : x)
      samples.push_back(sample * of_unit(metric));
  }
  const auto mine = figure_of(samples);
  const auto per_round = medians(rounds, of_unit(metric));
  out.measured = with_spread(mine, unit);
  if (other)
    judge_against_peer(out, target, per_round, *other, unit);
  if (target.find("at_most") != nullptr)
    out.verdict = verdict_of(mine.median <= number(target, "at_most"));
  if (target.find("times") != nullptr) {
    const auto wanted = number(target, "times");
    const auto of = text(target, "of");
    const auto of_metric = text(target, "of_metric").empty() ? metric : text(target, "of_metric");
    out.target = fmt::format("<= {} x {}", short_number(wanted), of);
    const auto base = ours.rounds(of, of_metric);
    if (base.empty())
      return out;
    const auto ratio = ratio_of(per_round, medians(base, of_unit(of_metric)));
    out.ratio = with_spread(ratio, "x");
    out.verdict = verdict_of(ratio.median <= wanted);
  }
  return out;
}

} // namespace registry::bench
