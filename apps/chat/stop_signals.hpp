#pragma once

#include <chrono>
#include <csignal>
#include <optional>

namespace chat {

/// Lets a program wait for SIGINT (Ctrl-C) and SIGTERM instead of being ended by them. To be made before any other thread, which
/// inherits that these signals are blocked. A second signal while the program ends kills it as usual: see `restore`.
class stop_signals {
public:
  stop_signals();

  /// Waits for one of the signals, at most for `limit` if there is one; false if none came.
  bool wait(std::optional<std::chrono::seconds> limit = std::nullopt);
  /// Gives the signals back their usual effect on the calling thread, and with it on the program.
  void restore();

private:
  sigset_t signals_;
};

} // namespace chat
