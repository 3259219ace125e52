#pragma once

#include <registry/error/error.hpp>
#include <registry/value/value.hpp>

#include <istream>
#include <string>
#include <string_view>
#include <vector>

namespace dispatch {

/// One job as it stands in a line: `{"id": 7, "work": "sum", "numbers": [1, 2]}` or `{"id": "x", "command": ["/bin/echo", "hi"]}`.
struct job {
  /// A string or an integer; no two jobs have the same.
  registry::value id;
  /// The value by which `rendezvous` chooses the worker: the field `key`, or the id.
  registry::value key;
  /// The whole line.
  registry::value content;
};

/// Reads a line. Errors: `malformed` with the reason.
registry::result<job> parse_job(std::string_view line);

/// Reads all lines; empty ones are skipped. All or nothing: `malformed` names every line that is wrong, with its number, up to ten,
/// so that a file is repaired in one go and nothing is done twice.
registry::result<std::vector<job>> read_jobs(std::istream& in, std::string_view name);

/// The same from a file; `-` is the standard input. Also `invalid_argument` if it cannot be read.
registry::result<std::vector<job>> read_jobs(const std::string& file);

} // namespace dispatch
