#pragma once

#include <conformance/trace.hpp>
#include <registry/error/error.hpp>
#include <registry/node/node.hpp>

#include <cstddef>
#include <functional>
#include <istream>
#include <string>
#include <vector>

namespace registry::conformance {

class performance;

/// The result of a replay.
struct tally {
  std::size_t operations = 0;
  /// Operations with another outcome than in the trace.
  std::size_t mismatches = 0;
  /// See `trace::remark`.
  std::string remark;
};

/// How operations reach a scope: as calls of its functions, or as messages to its actor where possible.
enum class route : std::uint8_t { calls, messages };

/// Replays traces, each against a new scope of one node and with real actors. Blocks, and must not be used inside an actor.
class replayer {
public:
  /// Receives every differing operation, with descriptions of the differences.
  using reporter = std::function<void(const trace&, const operation&, const std::vector<std::string>&)>;

  /// The node must outlive the replayer.
  replayer(node& home, route way, reporter report) : node_(home), route_(way), report_(std::move(report)) {}

  /// Parses a whole trace and replays it; a file that violates the format is not replayed at all (`errc::malformed`). An
  /// operation does not start before the previous one, with all of its effects, has ended; if that takes longer than half a
  /// minute the replay ends there with a mismatch.
  result<tally> replay(std::istream& in, const std::string& file);

private:
  tally play(const trace& script, performance& stage);

  node& node_;
  route route_;
  reporter report_;
};

} // namespace registry::conformance
