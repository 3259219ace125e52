#pragma once

#include <dispatch/messages.hpp>
#include <dispatch/worker/command.hpp>

#include <registry/error/error.hpp>
#include <registry/value/value.hpp>

#include <string>

namespace dispatch {

/// The outcome of a job.
struct job_outcome {
  bool succeeded = false;
  registry::value output;
  std::string error;
  /// As in `job_done`.
  registry::value details;
};

job_outcome to_outcome(registry::result<registry::value> computed);

/// Of a command: `output` is what it wrote to its standard output, as UTF-8 with `\xff` for bytes that are none. The details are
/// `exit_status` or `signal`, `stderr` if it wrote to it, `escaped` if there are such bytes, and, if an output was longer than is
/// kept, `truncated` with the sizes of both in bytes, `output_size` and `stderr_size`. An error names the exit status or the
/// signal, and repeats the end of the standard error.
job_outcome to_outcome(const command_result& x);

} // namespace dispatch
