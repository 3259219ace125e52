#include <dispatch/program/collector.hpp>

#include <registry/compat/actor.hpp>
#include <registry/value/json.hpp>

#include <caf/system_messages.hpp>

#include <utility>
#include <vector>

namespace dispatch {

summary collect(caf::scoped_actor& self, const caf::actor& submitter, std::size_t total,
                const std::function<void(const job_result&)>& on_result,
                const std::function<void(const tally&)>& on_change) {
  summary out;
  out.counts.total = total;
  bool ended = false;
  registry::compat::monitor(registry::compat::as_member(submitter), registry::compat::as_member(self));
  while (!ended) {
    self->receive(
        [&](const job_result& x) {
          ++(x.status == "done" ? out.counts.succeeded : out.counts.failed);
          on_result(x);
          on_change(out.counts);
        },
        [&](const progress_report& x) {
          out.counts.workers = x.workers;
          out.counts.under_way = x.under_way;
          on_change(out.counts);
        },
        [&](const submission_ended& x) { out.problem = x.problem; },
        [&](const caf::down_msg&) {
          ended = true;
          if (out.counts.finished() < total)
            out.problem = "it was ended before all jobs had a result";
        });
  }
  return out;
}

std::string to_line(const job_result& x) {
  std::vector<std::pair<std::string, registry::value>> fields;
  fields.emplace_back("id", x.id);
  fields.emplace_back("status", x.status);
  fields.emplace_back("attempts", x.attempts);
  if (!x.output.is_null())
    fields.emplace_back("output", x.output);
  if (!x.error.empty())
    fields.emplace_back("error", x.error);
  if (!x.worker.empty()) {
    fields.emplace_back("worker", x.worker);
    fields.emplace_back("node", x.node);
  }
  auto line = registry::to_json(registry::value::map(fields));
  if (line)
    return line.value();
  // An error text or a real that JSON cannot express.
  return registry::to_json(
             registry::object("id", x.id, "status", x.status, "attempts", x.attempts, "error", line.error().message()))
      .value();
}

} // namespace dispatch
