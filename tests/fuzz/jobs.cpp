// Files of jobs.

#include <fuzz/target.hpp>

#include <dispatch/jobs/job.hpp>
#include <dispatch/jobs/work.hpp>

#include <registry/value/json.hpp>

#include <algorithm>
#include <sstream>
#include <variant>

namespace registry::fuzz::jobs_target {

namespace {

result<std::vector<dispatch::job>> read(std::string text) {
  std::istringstream in{std::move(text)};
  return dispatch::read_jobs(in, "jobs");
}

void check_work(const value& content) {
  const auto work = dispatch::read_work(content);
  expect(work.has_value(), "a job has no work");
  if (const auto* const run = std::get_if<dispatch::command_work>(&work.value()))
    expect(!run->command.empty() && !run->command.front().empty(), "a command names no program");
  const bool takes_time = std::holds_alternative<dispatch::sleep_work>(work.value()) ||
                          std::holds_alternative<dispatch::command_work>(work.value());
  expect(takes_time != dispatch::compute(work.value()).has_value(), "a work is neither done nor waited for");
}

void run(input data) {
  const auto jobs = read(std::string{text_of(data)});
  if (!jobs) {
    const auto message = jobs.error().message();
    expect(message.starts_with("jobs:") && std::ranges::count(message, '\n') <= 10, "an error does not say where");
    return;
  }
  std::string written;
  for (const auto& x : jobs.value()) {
    check_work(x.content);
    written += to_json(x.content).value() + '\n';
  }
  const auto again = read(written);
  expect(again && again.value().size() == jobs.value().size(), "what was written cannot be read");
  for (std::size_t i = 0; i < again.value().size(); ++i) {
    const auto& a = jobs.value()[i];
    const auto& b = again.value()[i];
    expect(identical(a.id, b.id) && identical(a.key, b.key) && identical(a.content, b.content),
           "a job comes back as another one");
  }
}

const registration it{"jobs", run};

} // namespace

} // namespace registry::fuzz::jobs_target
