#include <bench/report/chart.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace registry::bench {

namespace {

constexpr double width = 720;
constexpr double height = 420;
constexpr double left = 70;
constexpr double right = 250;
constexpr double top = 40;
constexpr double bottom = 50;
constexpr std::array colours{"#1f77b4", "#d62728", "#2ca02c", "#9467bd", "#ff7f0e", "#8c564b", "#17becf"};

/// Whole powers of ten from below the least to above the greatest.
struct axis {
  int from = 0;
  int to = 1;
  double begin = 0;
  double end = 1;
  [[nodiscard]] double place(double x) const { return begin + (std::log10(x) - from) / (to - from) * (end - begin); }
};

template <class Project>
axis axis_of(const std::vector<curve>& curves, Project project, double begin, double end) {
  double least = INFINITY;
  double most = 0;
  for (const auto& one : curves) {
    for (const auto& point : one.points) {
      least = std::min(least, project(point));
      most = std::max(most, project(point));
    }
  }
  axis out{static_cast<int>(std::floor(std::log10(least))), static_cast<int>(std::ceil(std::log10(most))), begin, end};
  if (out.from == out.to)
    ++out.to;
  return out;
}

std::string power(int exponent) {
  return exponent >= 0 && exponent < 7 ? fmt::format("{:.0f}", std::pow(10, exponent)) : fmt::format("1e{}", exponent);
}

std::string grid(const axis& x, const axis& y) {
  std::string out;
  for (int i = x.from; i <= x.to; ++i) {
    const auto at = x.place(std::pow(10, i));
    out += fmt::format("<path d='M{0} {1}V{2}' stroke='#ddd'/><text x='{0}' y='{3}' text-anchor='middle'>{4}</text>\n", at,
                       y.begin, y.end, y.begin + 18, power(i));
  }
  for (int i = y.from; i <= y.to; ++i) {
    const auto at = y.place(std::pow(10, i));
    out += fmt::format("<path d='M{0} {1}H{2}' stroke='#ddd'/><text x='{3}' y='{4}' text-anchor='end'>{5}</text>\n", x.begin,
                       at, x.end, x.begin - 6, at + 4, power(i));
  }
  return out;
}

} // namespace

std::string draw(const std::string& title, const std::string& x_axis, const std::string& y_axis,
                 const std::vector<curve>& curves) {
  const auto x = axis_of(curves, [](const auto& p) { return p.first; }, left, width - right);
  const auto y = axis_of(curves, [](const auto& p) { return p.second; }, height - bottom, top);
  auto out = fmt::format("<svg xmlns='http://www.w3.org/2000/svg' width='{0}' height='{1}' font-family='sans-serif' "
                         "font-size='12'>\n<rect width='{0}' height='{1}' fill='white'/>\n"
                         "<text x='{2}' y='22' font-size='14'>{3}</text>\n<text x='{4}' y='{5}'>{6}</text>\n"
                         "<text transform='translate(16 {7}) rotate(-90)'>{8}</text>\n",
                         width, height, left, title, left, height - 10, x_axis, height - bottom, y_axis);
  out += grid(x, y);
  for (std::size_t i = 0; i < curves.size(); ++i) {
    const auto* const colour = colours[i % colours.size()];
    std::string way;
    for (const auto& [at, how_much] : curves[i].points) {
      way += fmt::format("{:.1f},{:.1f} ", x.place(at), y.place(how_much));
      out += fmt::format("<circle cx='{:.1f}' cy='{:.1f}' r='3' fill='{}'/>\n", x.place(at), y.place(how_much), colour);
    }
    out += fmt::format("<polyline points='{}' fill='none' stroke='{}'/>\n<text x='{}' y='{}' fill='{}'>{}</text>\n", way,
                       colour, width - right + 12, top + 18.0 * static_cast<double>(i) + 8, colour, curves[i].name);
  }
  return out + "</svg>\n";
}

} // namespace registry::bench
