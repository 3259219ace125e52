#pragma once

#include <iosfwd>
#include <span>

namespace registry::conformance {

/// Everything agreed, something differed, or a file or option was refused.
enum exit_status { agrees = 0, differs = 1, refused = 2 };

/// What `trace_replay` does with its arguments: replays files, prints the first mismatches, and ends with the line
/// `operations N, mismatches M`. What is refused is said to `errors`.
exit_status run_program(std::span<const char* const> arguments, std::ostream& out, std::ostream& errors);

} // namespace registry::conformance
