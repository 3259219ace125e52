#pragma once

#include <cstddef>
#include <string_view>

namespace chat {

/// The client's side of a session: where its lines go. Every function may be called from any thread, never blocks, and does
/// nothing once the sink is closed.
class sink {
public:
  sink() = default;
  sink(const sink&) = delete;
  sink& operator=(const sink&) = delete;
  virtual ~sink() = default;

  /// Queues a line (without its end). A client that lets more wait than the bound allows is disconnected.
  virtual void write(std::string_view line) = 0;
  /// Tells that a line that was received has been dealt with, so that another may be read.
  virtual void acknowledge() = 0;
  /// Closes the connection after what is queued has been sent, or after a bounded time.
  virtual void close() = 0;
};

} // namespace chat
