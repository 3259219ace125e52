#pragma once

namespace support {

/// The exit statuses of all programs.
enum exit_status : int {
  succeeded = 0,
  /// Something failed while the program ran.
  failed = 1,
  /// The command line, the configuration or an input file is wrong: nothing has been done.
  wrong_usage = 2,
};

} // namespace support
