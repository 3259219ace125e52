#pragma once

#include <string>
#include <utility>
#include <vector>

namespace registry::bench {

/// A line of a chart; all numbers are positive.
struct curve {
  std::string name;
  std::vector<std::pair<double, double>> points;
};

/// A drawing of curves with logarithmic axes, as SVG.
std::string draw(const std::string& title, const std::string& x_axis, const std::string& y_axis,
                 const std::vector<curve>& curves);

} // namespace registry::bench
