#include <dispatch/program/collector.hpp>
#include <dispatch/worker/output_text.hpp>

#include <registry/actor/handle.hpp>
#include <registry/compat/actor.hpp>
#include <registry/value/json.hpp>

#include <caf/system_messages.hpp>

#include <utility>
#include <vector>

namespace dispatch {

summary collect(caf::scoped_actor& self, const caf::actor& submitter, std::size_t total,
                const std::function<void(const job_report&)>& on_result,
                const std::function<void(const tally&)>& on_change) {
  summary out;
  out.counts.total = total;
  bool ended = false;
  registry::compat::monitor(registry::as_member(submitter), registry::as_member(self));
  while (!ended) {
    self->receive(
        [&](const job_report& x) {
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

namespace {

/// Strings as UTF-8; what has no form in JSON at all as its text.
registry::value for_json(const registry::value& x) {
  if (registry::to_json(x))
    return x;
  if (const auto text = x.as_string())
    return registry::value{to_text(*text).text};
  return registry::value{to_text(registry::to_string(x)).text};
}

} // namespace

std::string to_line(const job_report& x) {
  std::vector<std::pair<std::string, registry::value>> fields;
  for (const auto& [key, content] : x.details.as_map()) {
    if (const auto name = key.as_string())
      fields.emplace_back(to_text(*name).text, for_json(content));
  }
  // Of equal names the last one counts.
  fields.emplace_back("id", for_json(x.id));
  fields.emplace_back("status", x.status);
  fields.emplace_back("attempts", x.attempts);
  if (!x.output.is_null())
    fields.emplace_back("output", for_json(x.output));
  if (!x.error.empty())
    fields.emplace_back("error", for_json(x.error));
  if (!x.worker.empty()) {
    fields.emplace_back("worker", for_json(x.worker));
    fields.emplace_back("node", for_json(x.node));
  }
  return registry::to_json(registry::value::map(std::move(fields))).value();
}

} // namespace dispatch
