#include <registry/node/nearest_word.hpp>
#include <registry/node/option_table.hpp>

#include <algorithm>
#include <array>
#include <cctype>
#include <limits>
#include <utility>

namespace registry::inline v0_2 {

namespace {

std::string_view placeholder(option_kind kind) {
  switch (kind) {
  case option_kind::number:
    return "=NUMBER";
  case option_kind::time_span:
    return "=TIME";
  case option_kind::list:
    return "=LIST";
  case option_kind::text:
    return "=TEXT";
  case option_kind::flag:
    break;
  }
  return "";
}

/// Breaks a text between words.
std::string wrapped(std::string_view text, std::string_view indent) {
  constexpr std::size_t width = 100;
  std::string out{indent};
  std::size_t used = indent.size();
  for (std::size_t begin = 0; begin < text.size();) {
    const auto end = std::min(text.find(' ', begin), text.size());
    const auto word = text.substr(begin, end - begin);
    if (used > indent.size() && used + 1 + word.size() > width) {
      out += '\n' + std::string{indent};
      used = indent.size();
    } else if (used > indent.size()) {
      out += ' ';
      ++used;
    }
    out += word;
    used += word.size();
    begin = end + 1;
  }
  return out;
}

} // namespace

std::string help_entry(const option_description& option) {
  auto text = option.purpose;
  if (option.default_value)
    text += " (default: " + (option.default_value->empty() ? "not set" : *option.default_value) + ")";
  return "  " + option.spelling + std::string{placeholder(option.kind)} + "\n" + wrapped(text, "      ") + "\n";
}

std::vector<option_description> own_first(std::vector<option_description> options) {
  std::ranges::stable_partition(options, [](const auto& x) { return !x.is_of_caf; });
  return options;
}

std::string unknown_option(std::string_view written, const std::vector<option_description>& options) {
  const auto dashes = written.substr(0, std::min<std::size_t>(written.find_first_not_of('-'), 2));
  auto out = "there is no option " + std::string{written};
  std::vector<std::string> names;
  for (const auto& x : own_first(options))
    names.push_back(x.spelling.substr(2));
  const auto near = nearest_name(written.substr(dashes.size()), names);
  return out + did_you_mean(near ? std::optional{"--" + *near} : std::nullopt);
}

std::string variable_of(const option_description& option) {
  auto out = option.full_name();
  if (option.is_of_caf && !option.group.starts_with("caf"))
    out.insert(0, "caf_");
  for (auto& c : out)
    c = std::isalnum(static_cast<unsigned char>(c)) != 0 ? static_cast<char>(std::toupper(static_cast<unsigned char>(c)))
                                                         : '_';
  return out;
}

std::string wrong_value(const option_description& option, std::string_view value) {
  if (option.is_secret)
    return "must be " + option.values + "; what stands there is not shown, since it is a secret";
  const std::string text{value};
  if (option.kind == option_kind::time_span && !text.empty() && text.find_first_not_of("0123456789.") == std::string::npos)
    return "has the value '" + text + "': a unit is missing, write " + text + "s";
  return "must be " + option.values + ", not '" + text + "'";
}

option_description option_of_kind(option_kind kind, std::optional<std::uint64_t> greatest) {
  option_description out;
  out.kind = kind;
  switch (kind) {
  case option_kind::flag:
    out.values = "true or false";
    break;
  case option_kind::number:
    out.values = greatest && *greatest <= std::numeric_limits<std::uint32_t>::max()
                     ? "a number from 0 to " + std::to_string(*greatest)
                     : "a whole number";
    break;
  case option_kind::time_span:
    out.values = "a time with its unit (ns, us, ms, s, min or h), such as 500ms";
    break;
  case option_kind::text:
    out.values = "a text";
    break;
  case option_kind::list:
    out.values = R"(a list of texts, such as ["a", "b"])";
    break;
  }
  return out;
}

namespace detail {

std::string default_text(bool x) {
  return x ? "true" : "false";
}

std::string default_text(std::uint64_t x) {
  return std::to_string(x);
}

std::string default_text(caf::timespan x) {
  constexpr std::array<std::pair<std::int64_t, const char*>, 6> units{{{3'600'000'000'000, "h"},
                                                                       {60'000'000'000, "min"},
                                                                       {1'000'000'000, "s"},
                                                                       {1'000'000, "ms"},
                                                                       {1'000, "us"},
                                                                       {1, "ns"}}};
  for (const auto& [length, unit] : units) {
    if (x.count() != 0 && x.count() % length == 0)
      return std::to_string(x.count() / length) + unit;
  }
  return "0s";
}

std::string default_text(const std::string& x) {
  return x;
}

std::string default_text(const std::vector<std::string>& x) {
  std::string out;
  for (const auto& each : x)
    out += (out.empty() ? "" : ",") + each;
  return out;
}

} // namespace detail

} // namespace registry::inline v0_2
