#include <chaos/chronicle.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <iterator>
#include <stdexcept>

namespace cluster_tests::chaos {

namespace {

std::string megabytes(const std::vector<std::size_t>& bytes) {
  std::string out;
  for (const auto x : bytes)
    out += (out.empty() ? "" : " ") + std::to_string(x >> 20U);
  return out + " MB";
}

} // namespace

chronicle::chronicle(const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder);
  log_.open(folder / "actions.log");
  if (!log_)
    throw std::runtime_error("the file " + (folder / "actions.log").string() + " cannot be written");
}

std::chrono::milliseconds chronicle::elapsed() const {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin_);
}

void chronicle::note(const std::string& text) {
  log_ << fmt::format("{:10.3f} ", static_cast<double>(elapsed().count()) / 1000) << text << std::endl;
}

void chronicle::note(const action& x) {
  if (!x.ends)
    ++counts_[x.what];
  note(to_string(x));
}

void chronicle::blame_process(const std::string& text) {
  ++deaths_;
  note("FAULT: " + text);
  std::cout << "chaos: " << text << std::endl;
}

void chronicle::blame_content(const std::string& text) {
  ++mismatches_;
  note("FAULT: " + text);
  std::cout << "chaos: " << text << std::endl;
}

void chronicle::rested(std::chrono::milliseconds settled, const std::vector<std::size_t>& memory) {
  settled_.push_back(settled);
  memory_.push_back(memory);
  const auto text = fmt::format("all nodes are right after {:.1f} s, and have {}",
                                static_cast<double>(settled.count()) / 1000, megabytes(memory));
  note(text);
  std::cout << fmt::format("{:6.0f} s: ", static_cast<double>(elapsed().count()) / 1000) << text << std::endl;
}

std::string chronicle::counted(bool operations) const {
  std::size_t sum = 0;
  std::string each;
  for (const auto& [what, count] : counts_) {
    if (what == deed::rest || is_operation(what) != operations)
      continue;
    sum += count;
    each += fmt::format("{}{} {}", each.empty() ? "" : ", ", to_string(what), count);
  }
  return fmt::format("{} {}: {}\n", sum, operations ? "operations" : "faults", each);
}

std::string chronicle::summary() const {
  auto out = counted(true) + counted(false);
  auto settled = settled_;
  std::ranges::sort(settled);
  const auto seconds = [](std::chrono::milliseconds x) { return static_cast<double>(x.count()) / 1000; };
  if (!settled.empty())
    out += fmt::format("{} quiet points, right after {:.1f} s at the median and {:.1f} s at most\n", settled.size(),
                       seconds(settled[settled.size() / 2]), seconds(settled.back()));
  if (!memory_.empty()) {
    std::vector<std::size_t> most = memory_.front();
    for (const auto& x : memory_)
      std::ranges::transform(x, most, most.begin(), [](std::size_t a, std::size_t b) { return std::max(a, b); });
    out += fmt::format("memory of the nodes at the first quiet point {}, at the last {}, most {}\n",
                       megabytes(memory_.front()), megabytes(memory_.back()), megabytes(most));
  }
  return out + fmt::format("{} mismatches, {} deaths of processes that nobody caused\n", mismatches_, deaths_);
}

} // namespace cluster_tests::chaos
