#include <dispatch/worker/job_outcome.hpp>
#include <dispatch/worker/output_text.hpp>

#include <fmt/format.h>

#include <cstdint>
#include <cstring>
#include <string_view>
#include <utility>
#include <vector>

namespace dispatch {

namespace {

using registry::value;

output_text text_of(const captured_output& x) {
  return to_text(x.is_truncated() ? without_cut_character(x.kept) : std::string_view{x.kept});
}

/// The last lines, as many as fit a message.
std::string_view end_of(std::string_view text) {
  constexpr std::size_t most = 1'024;
  text = text.substr(0, text.find_last_not_of(" \r\n") + 1);
  if (text.size() <= most)
    return text;
  const auto tail = text.substr(text.size() - most);
  const auto line = tail.find('\n');
  if (line != std::string_view::npos)
    return tail.substr(line + 1);
  auto begin = std::size_t{0};
  while (begin < tail.size() && (static_cast<unsigned char>(tail[begin]) & 0xc0U) == 0x80U)
    ++begin;
  return tail.substr(begin);
}

std::string ending_of(std::int32_t status) {
  if (status >= 0)
    return fmt::format("exit status {}", status);
  const auto* const name = ::sigdescr_np(-status);
  return name == nullptr ? fmt::format("ended by signal {}", -status)
                         : fmt::format("ended by signal {} ({})", -status, name);
}

} // namespace

job_outcome to_outcome(registry::result<value> computed) {
  if (!computed)
    return {false, {}, to_text(computed.error().message()).text, {}};
  return {true, std::move(computed).value(), {}, {}};
}

job_outcome to_outcome(const command_result& x) {
  if (!x.problem.empty())
    return {false, {}, x.problem, {}};
  const auto output = text_of(x.output);
  const auto errors = text_of(x.errors);
  std::vector<std::pair<std::string, value>> details;
  details.emplace_back(x.status < 0 ? "signal" : "exit_status", x.status < 0 ? -x.status : x.status);
  if (!errors.text.empty())
    details.emplace_back("stderr", errors.text);
  if (output.escaped || errors.escaped)
    details.emplace_back("escaped", true);
  if (x.output.is_truncated() || x.errors.is_truncated()) {
    details.emplace_back("truncated", true);
    details.emplace_back("output_size", static_cast<std::int64_t>(x.output.size));
    details.emplace_back("stderr_size", static_cast<std::int64_t>(x.errors.size));
  }
  std::string error;
  if (x.status != 0) {
    const auto detail = end_of(errors.text);
    error = ending_of(x.status) + (detail.empty() ? "" : ": ") + std::string{detail};
  }
  return {x.status == 0, value{output.text}, std::move(error), value::map(std::move(details))};
}

} // namespace dispatch
