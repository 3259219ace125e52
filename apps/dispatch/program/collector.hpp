#pragma once

#include <dispatch/messages.hpp>
#include <dispatch/program/progress.hpp>

#include <caf/actor.hpp>
#include <caf/scoped_actor.hpp>

#include <cstddef>
#include <functional>
#include <string>

namespace dispatch {

/// The outcome of a submission.
struct summary {
  tally counts;
  /// Why jobs were cancelled, if they were.
  std::string problem;
  [[nodiscard]] bool all_succeeded() const noexcept { return counts.succeeded == counts.total; }
};

/// Receives what a submitter reports to this actor until it ends. `on_result` gets each result, `on_change` is told how far it is.
summary collect(caf::scoped_actor& self, const caf::actor& submitter, std::size_t total,
                const std::function<void(const job_report&)>& on_result, const std::function<void(const tally&)>& on_change);

/// A result as a line of JSON, without the end of the line.
std::string to_line(const job_report& x);

} // namespace dispatch
