#pragma once

#include <iosfwd>
#include <span>

namespace registry::conformance {

/// Everything agreed, something differed, or a file or option was refused.
enum exit_status { agrees = 0, differs = 1, refused = 2 };

/// The `trace_replay` program: replays the files in its arguments, prints the first mismatches, and ends with the line
/// `operations N, mismatches M`. Reports refused files on `errors`.
exit_status run_program(std::span<const char* const> arguments, std::ostream& out, std::ostream& errors);

} // namespace registry::conformance
