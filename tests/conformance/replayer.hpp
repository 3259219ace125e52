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

/// What a replay came to.
struct tally {
  std::size_t operations = 0;
  /// Operations that gave something else than the trace says.
  std::size_t mismatches = 0;
  /// See `trace::remark`.
  std::string remark;
};

/// How operations reach a scope: as calls of its functions, or as messages to its actor where there is one.
enum class route : std::uint8_t { calls, messages };

/// Replays traces, each against a new scope of one node and with real actors. Blocks, and must not be used inside of an actor.
class replayer {
public:
  /// Gets every operation that differs, with descriptions of what differs.
  using reporter = std::function<void(const trace&, const operation&, const std::vector<std::string>&)>;

  /// The node must outlive the replayer.
  replayer(node& home, route way, reporter report) : node_(home), route_(way), report_(std::move(report)) {}

  /// Reads a whole trace and replays it; nothing is replayed of one that is not of the format (`errc::malformed`). An
  /// operation does not begin before the one before it, with everything it caused, has come to an end; if that takes longer
  /// than half a minute the replay ends there with a mismatch.
  result<tally> replay(std::istream& in, const std::string& file);

private:
  tally play(const trace& script, performance& stage);

  node& node_;
  route route_;
  reporter report_;
};

} // namespace registry::conformance
