#include <dispatch/jobs/work.hpp>

#include <registry/value/convert.hpp>

#include <fmt/format.h>

#include <string_view>
#include <utility>

namespace dispatch {

namespace {

using registry::errc;
using registry::error;
using registry::result;
using registry::value;

template <class Work>
result<work> read_as(const value& job) {
  auto out = registry::from_value<Work>(job);
  if (!out)
    return out.error();
  return work{std::move(out).value()};
}

result<work> read_built_in(std::string_view name, const value& job) {
  if (name == "sleep")
    return read_as<sleep_work>(job);
  if (name == "sum")
    return read_as<sum_work>(job);
  if (name == "hash")
    return read_as<hash_work>(job);
  if (name == "fail")
    return read_as<fail_work>(job);
  return error(errc::malformed, fmt::format("there is no work '{}': it is sleep, sum, hash or fail", name));
}

result<value> sum_of(const std::vector<std::int64_t>& numbers) {
  std::int64_t sum = 0;
  for (const auto x : numbers) {
    if (__builtin_add_overflow(sum, x, &sum))
      return error(errc::limit_exceeded, "the sum does not fit 64 bits");
  }
  return value{sum};
}

/// A work that can be read may still be impossible.
result<work> checked(result<work> what) {
  if (!what)
    return what;
  if (const auto* const pause = std::get_if<sleep_work>(&what.value()); pause != nullptr && pause->ms < 0)
    return error(errc::malformed, "ms: a time to sleep is not negative");
  const auto* const run = std::get_if<command_work>(&what.value());
  if (run == nullptr)
    return what;
  if (run->command.empty() || run->command.front().empty())
    return error(errc::malformed, "command: name a program");
  for (const auto& argument : run->command) {
    if (argument.find('\0') != std::string::npos)
      return error(errc::malformed, "command: an argument cannot contain a null character");
  }
  return what;
}

} // namespace

result<work> read_work(const value& job) {
  const auto* const name = job.find("work");
  const auto* const command = job.find("command");
  if ((name == nullptr) == (command == nullptr))
    return error(errc::malformed, "a job has either a field 'work' or a field 'command'");
  if (command != nullptr)
    return checked(read_as<command_work>(job));
  const auto text = name->as_string();
  if (!text)
    return error(errc::malformed, "work: expected a string, got " + registry::to_string(*name));
  return checked(read_built_in(*text, job));
}

std::optional<result<value>> compute(const work& what) {
  if (const auto* const sum = std::get_if<sum_work>(&what))
    return sum_of(sum->numbers);
  if (const auto* const hash = std::get_if<hash_work>(&what))
    return result<value>{value{fmt::format("{:016x}", value::stable_hash_of(hash->text))}};
  if (const auto* const fail = std::get_if<fail_work>(&what))
    return result<value>{error(errc::failed, fail->message.value_or("it was to fail"))};
  return std::nullopt;
}

} // namespace dispatch
