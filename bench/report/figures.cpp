#include <bench/report/figures.hpp>
#include <bench/report/json.hpp>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <utility>

namespace registry::bench {

namespace {

struct unit_scale {
  std::string_view name;
  double factor;
};

constexpr std::array scales{
    unit_scale{"s", 1},      unit_scale{"ms", 1e3},   unit_scale{"us", 1e6}, unit_scale{"ns", 1e9}, unit_scale{"/s", 1},
    unit_scale{"k/s", 1e-3}, unit_scale{"M/s", 1e-6}, unit_scale{"B", 1},    unit_scale{"%", 1},
};

/// `lookup/100000/real_time/threads:2` is `lookup/100000/threads:2`.
std::string short_name(const std::string& run_name) {
  std::string out;
  std::istringstream parts(run_name);
  for (std::string part; std::getline(parts, part, '/');) {
    if (part == "real_time" || part == "manual_time" || part.starts_with("iterations:") || part.starts_with("repeats:"))
      continue;
    out += (out.empty() ? "" : "/") + part;
  }
  return out;
}

} // namespace

figure figure_of(std::vector<double> samples) {
  if (samples.empty())
    return {};
  std::sort(samples.begin(), samples.end());
  const auto middle = samples.size() / 2;
  const auto median = samples.size() % 2 == 1 ? samples[middle] : (samples[middle - 1] + samples[middle]) / 2;
  return {median, samples.front(), samples.back()};
}

std::optional<double> scale_of(std::string_view unit) {
  const auto* const found = std::find_if(scales.begin(), scales.end(), [=](const auto& x) { return x.name == unit; });
  if (found == scales.end())
    return std::nullopt;
  return found->factor;
}

bool is_time(std::string_view metric) {
  return metric == "real_time" || metric == "cpu_time";
}

bool is_rate(std::string_view unit) {
  return unit.ends_with("/s");
}

void our_figures::read(const std::string& file) {
  const auto content = read_json(file);
  const auto* const all = content.find("benchmarks");
  if (all == nullptr)
    give_up(file + " is not the output of a benchmark");
  auto& into = rounds_.back();
  for (const auto& one : all->as_list()) {
    if (text(one, "run_type") != "iteration" || one.find("error_occurred") != nullptr)
      continue;
    const auto name = short_name(text(one, "run_name"));
    const auto in_seconds = scale_of(text(one, "time_unit")).value_or(1);
    for (const auto& field : one.as_map()) {
      const std::string metric{field.key.as_string().value_or("")};
      const auto measured = number(one, metric.c_str());
      into.samples[{name, metric}].push_back(is_time(metric) ? measured / in_seconds : measured);
    }
  }
}

std::vector<std::vector<double>> our_figures::rounds(const std::string& name, const std::string& metric) const {
  std::vector<std::vector<double>> out;
  for (const auto& x : rounds_) {
    const auto found = x.samples.find({name, metric});
    if (found != x.samples.end())
      out.push_back(found->second);
  }
  return out;
}

std::optional<peer_figures::line> peer_figures::parse(const std::string& text) {
  std::vector<std::string> fields;
  std::istringstream in(text);
  for (std::string field; std::getline(in, field, '\t');)
    fields.push_back(field);
  if (text.starts_with('#') || fields.size() < 5)
    return std::nullopt;
  line out{fields[0], fields[1], fields[2], {}};
  const auto to_number = [](const std::string& x) { return std::strtod(x.c_str(), nullptr); };
  if (fields[4] == "bytes") {
    out.columns["bytes"] = to_number(fields[3]);
  } else if (fields[3].starts_with("p50=")) {
    out.columns["p50"] = to_number(fields[3].substr(4));
    out.columns["p99"] = to_number(fields[4].substr(4));
  } else {
    out.columns["ops"] = to_number(fields[3]);
    out.columns["us"] = to_number(fields[4]);
  }
  return out;
}

void peer_figures::read(const std::string& file) {
  std::ifstream in(file);
  if (!in)
    give_up("cannot open " + file);
  auto& into = rounds_.back();
  for (std::string text; std::getline(in, text);) {
    if (auto parsed = parse(text))
      into.push_back(*std::move(parsed));
  }
}

std::map<std::string, std::vector<double>> peer_figures::rounds(const std::string& workload, const std::string& n,
                                                                const std::string& column) const {
  std::map<std::string, std::vector<double>> out;
  for (const auto& one : rounds_) {
    for (const auto& x : one) {
      const auto found = x.columns.find(column);
      if (x.workload == workload && (n == "*" || x.n == n) && found != x.columns.end())
        out[x.peer].push_back(found->second);
    }
  }
  return out;
}

} // namespace registry::bench
