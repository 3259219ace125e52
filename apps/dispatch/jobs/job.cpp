#include <dispatch/jobs/job.hpp>
#include <dispatch/jobs/work.hpp>

#include <registry/value/json.hpp>

#include <boost/unordered/unordered_flat_map.hpp>

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <utility>

namespace dispatch {

namespace {

using registry::errc;
using registry::error;
using registry::result;
using registry::value;

bool is_blank(std::string_view line) {
  return line.find_first_not_of(" \t\r") == std::string_view::npos;
}

/// The mistakes in a file.
class complaints {
public:
  explicit complaints(std::string_view file) : file_(file) {}

  void add(std::size_t line, std::string_view what) {
    if (count_++ < most_shown)
      text_ += fmt::format("{}{}:{}: {}", text_.empty() ? "" : "\n", file_, line, what);
  }
  [[nodiscard]] bool none() const noexcept { return count_ == 0; }
  [[nodiscard]] error as_error() const {
    if (count_ > most_shown)
      return {errc::malformed, fmt::format("{}\n… and {} more", text_, count_ - most_shown)};
    return {errc::malformed, text_};
  }

private:
  static constexpr std::size_t most_shown = 10;
  std::string_view file_;
  std::string text_;
  std::size_t count_ = 0;
};

} // namespace

result<job> parse_job(std::string_view line) {
  auto content = registry::from_json(line);
  if (!content)
    return content.error();
  if (content.value().type() != value::kind::map)
    return error(errc::malformed, "a job is a JSON object");
  const auto* const id = content.value().find("id");
  if (id == nullptr || (id->type() != value::kind::string && id->type() != value::kind::integer))
    return error(errc::malformed, "a job needs a field 'id', a string or an integer");
  if (auto what = read_work(content.value()); !what)
    return what.error();
  const auto* const key = content.value().find("key");
  return job{*id, key == nullptr ? *id : *key, content.value()};
}

result<std::vector<job>> read_jobs(std::istream& in, std::string_view name) {
  std::vector<job> out;
  complaints wrong{name};
  boost::unordered_flat_map<value, std::size_t, registry::strict_hash, registry::strict_equal> lines;
  std::size_t number = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    if (is_blank(line))
      continue;
    auto one = parse_job(line);
    if (!one) {
      wrong.add(number, one.error().message());
      continue;
    }
    const auto [first, is_new] = lines.emplace(one.value().id, number);
    if (is_new)
      out.push_back(std::move(one).value());
    else
      wrong.add(number,
                fmt::format("the id {} is that of line {} already", registry::to_string(first->first), first->second));
  }
  if (in.bad())
    return error(errc::invalid_argument, fmt::format("cannot read '{}' to its end", name));
  if (!wrong.none())
    return wrong.as_error();
  return out;
}

result<std::vector<job>> read_jobs(const std::string& file) {
  if (file == "-")
    return read_jobs(std::cin, "standard input");
  std::ifstream in{file};
  if (!in || std::filesystem::is_directory(file))
    return error(errc::invalid_argument, fmt::format("cannot read the jobs from '{}'", file));
  return read_jobs(in, file);
}

} // namespace dispatch
