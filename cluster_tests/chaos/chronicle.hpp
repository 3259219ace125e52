#pragma once

#include <chaos/action.hpp>

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

namespace cluster_tests::chaos {

/// The log of a run, and its figures.
class chronicle {
public:
  /// Begins `actions.log` in a folder.
  explicit chronicle(const std::filesystem::path& folder);

  /// Writes a line with the time since the start.
  void note(const std::string& text);
  void note(const action& x);
  /// A process that ended, or was silent for a minute, though nobody made it.
  void blame_process(const std::string& text);
  /// What an examination has found.
  void blame_content(const std::string& text);
  /// An examination without a fault: after which time all was as it must be, and the memory of each node.
  void rested(std::chrono::milliseconds settled, const std::vector<std::size_t>& memory);

  [[nodiscard]] std::chrono::milliseconds elapsed() const;
  [[nodiscard]] std::size_t deaths() const noexcept { return deaths_; }
  [[nodiscard]] std::size_t mismatches() const noexcept { return mismatches_; }
  [[nodiscard]] std::string summary() const;

private:
  [[nodiscard]] std::string counted(bool operations) const;

  const std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  std::ofstream log_;
  std::map<deed, std::size_t> counts_;
  std::vector<std::chrono::milliseconds> settled_;
  std::vector<std::vector<std::size_t>> memory_; ///< by examination, by node
  std::size_t deaths_ = 0;
  std::size_t mismatches_ = 0;
};

} // namespace cluster_tests::chaos
