#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

namespace dispatch::testing {

/// Holds up jobs that read a line of `path()`, until the test lets them pass.
class gate {
public:
  gate();
  gate(const gate&) = delete;
  gate& operator=(const gate&) = delete;
  ~gate();

  [[nodiscard]] std::string path() const { return path_.string(); }
  void let_pass(std::size_t jobs) const;

private:
  std::filesystem::path path_;
  int pipe_ = -1;
};

} // namespace dispatch::testing
