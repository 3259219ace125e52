#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace registry::testing {

/// The lines that the registry logs while this exists, without the time: `[info] node … is linked`. It takes the place of the logger
/// named `registry`.
class captured_log {
public:
  captured_log();
  captured_log(const captured_log&) = delete;
  captured_log& operator=(const captured_log&) = delete;
  ~captured_log();

  [[nodiscard]] std::vector<std::string> lines() const;
  /// How many of them have this text.
  [[nodiscard]] std::size_t count(const std::string& text) const;

private:
  struct sink;
  std::shared_ptr<sink> sink_;
};

} // namespace registry::testing
