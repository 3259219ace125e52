#pragma once

#include <caf/timespan.hpp>

#include <concepts>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace registry::inline v0_2 {

/// The type of an option's value.
enum class option_kind {
  flag,      ///< set by its name alone
  number,    ///< not negative
  time_span, ///< a number with its unit
  text,      ///< as it is
  list,      ///< of texts
};

/// An option of a configuration as parsers of command lines and help texts need it.
struct option_description {
  std::string group; ///< `registry`; empty for an option that stands in no file
  std::string name;  ///< `listen`
  /// How it is written on the command line: `--registry.listen`, or without the group.
  std::string spelling;
  std::string purpose;                  ///< what it is for, in a few words
  option_kind kind = option_kind::text; ///< of its value
  /// The values it takes, in words: `a number from 0 to 65535`.
  std::string values;
  /// As it is written on the command line; empty if there is none. Nothing if it is not known, as of CAF's own options.
  std::optional<std::string> default_value;
  bool is_of_caf = false; ///< whether CAF has defined it
  /// The environment variable that gives it a value, too: `REGISTRY_LISTEN`; empty if there is none.
  std::string variable;
  /// Whether it stands in a file or in the environment only, since everybody on the machine can read a command line. Its value is
  /// never printed.
  bool is_secret = false;

  /// As in a file or an error: `registry.listen`.
  [[nodiscard]] std::string full_name() const { return group.empty() ? name : group + "." + name; }
};

/// The value that a command line gives to an option.
struct option_setting {
  std::string name;  ///< the full one: `registry.listen`, or `config-file`
  std::string value; ///< of several elements of a list, given apart, each has a setting
};

/// The entry of an option in a help text, two lines or more: spelling and values, purpose and default.
[[nodiscard]] std::string help_entry(const option_description& option);

/// The same options, those of CAF last: they are less likely to be meant.
[[nodiscard]] std::vector<option_description> own_first(std::vector<option_description> options);

/// The error about an option that does not exist, as the user wrote it: `there is no option --x; did you mean --y?`
[[nodiscard]] std::string unknown_option(std::string_view written, const std::vector<option_description>& options);

/// The environment variable of an option: its full name in capitals, with `_` in place of all other characters. Options of CAF have
/// the prefix `CAF_` on both of its generations.
[[nodiscard]] std::string variable_of(const option_description& option);

/// What is wrong with this value of an option, if it is of another kind: `must be a number from 0 to 9, not 'x'`. Of a time span
/// without its unit it says so, and what to write.
[[nodiscard]] std::string wrong_value(const option_description& option, std::string_view value);

/// An option of this kind, without a name: with its values in words, of numbers up to the greatest one.
[[nodiscard]] option_description option_of_kind(option_kind kind, std::optional<std::uint64_t> greatest = std::nullopt);

namespace detail {

std::string default_text(bool x);
std::string default_text(std::uint64_t x);
std::string default_text(caf::timespan x);
std::string default_text(const std::string& x);
std::string default_text(const std::vector<std::string>& x);

/// Kind, values and default of an option that is kept in this variable.
template <class T>
option_description describe_variable(const T& x) {
  option_description out;
  if constexpr (std::same_as<T, bool>)
    out = option_of_kind(option_kind::flag);
  else if constexpr (std::unsigned_integral<T>)
    out = option_of_kind(option_kind::number, std::numeric_limits<T>::max());
  else if constexpr (std::same_as<T, caf::timespan>)
    out = option_of_kind(option_kind::time_span);
  else if constexpr (std::same_as<T, std::string>)
    out = option_of_kind(option_kind::text);
  else
    out = option_of_kind(option_kind::list);
  if constexpr (std::unsigned_integral<T> && !std::same_as<T, bool>)
    out.default_value = default_text(std::uint64_t{x});
  else
    out.default_value = default_text(x);
  return out;
}

} // namespace detail

} // namespace registry::inline v0_2
