#pragma once

#include <dispatch/messages.hpp>
#include <dispatch/submitter/submitter.hpp>
#include <dispatch/worker/worker.hpp>

#include <registry/node/clustered_system_config.hpp>
#include <registry/node/with_messages.hpp>

#include <caf/timespan.hpp>

#include <spdlog/common.h>

#include <cstddef>
#include <string>

namespace dispatch {

/// The configuration of an actor system that hosts workers or submitters: adds to the options of the registry those of this
/// program, as the group `dispatch`, whose name the command line leaves out.
///
///     dispatch {
///       queue = "thumbnails"
///       capacity = 8
///     }
///     registry {
///       listen = "192.0.2.1:4700"
///       seeds = ["192.0.2.2:4700"]
///       secret-file = "/etc/dispatch.secret"
///     }
class system_config : public registry::with_messages<registry::clustered_system_config, caf::id_block::dispatch> {
public:
  system_config();

  // -- The options, checked. Errors: `invalid_argument` with the offending option.

  [[nodiscard]] registry::result<worker_options> worker() const;
  /// The number of workers to start.
  [[nodiscard]] std::size_t workers() const noexcept { return workers_; }
  /// Without the jobs.
  [[nodiscard]] registry::result<submission> submit() const;
  [[nodiscard]] const std::string& jobs_file() const noexcept { return jobs_; }
  /// Empty for the standard output.
  [[nodiscard]] const std::string& results_file() const noexcept { return results_; }
  /// The time to wait for workers.
  [[nodiscard]] std::chrono::milliseconds patience() const;
  [[nodiscard]] registry::result<spdlog::level::level_enum> log_level() const;

private:
  std::string queue_;
  std::size_t capacity_ = 4;
  std::size_t workers_ = 1;
  std::string jobs_;
  std::string results_;
  std::string strategy_ = "least";
  caf::timespan timeout_;
  caf::timespan wait_;
  std::size_t attempts_ = 5;
  std::string log_ = "warn";
};

} // namespace dispatch
