#include <registry/scope/options.hpp>
#include <registry/wire/internal/codec.hpp>

#include <utility>

namespace registry::inline v0_2 {

namespace {

error wrong(std::string_view option, std::string_view what) {
  return {errc::invalid_argument, "scope option '" + std::string{option} + "' " + std::string{what}};
}

result<void> read_size(const value& given, std::string_view name, std::size_t& out) {
  const auto number = given.as_integer();
  if (!number || *number < 1)
    return wrong(name, "must be an integer of at least 1, got " + to_string(given));
  out = static_cast<std::size_t>(*number);
  return success();
}

result<void> read_mode(const value& given, key_mode& out) {
  const auto text = given.as_string();
  if (text == "duplicate")
    out = key_mode::duplicate;
  else if (text == "unique")
    out = key_mode::unique;
  else
    return wrong("mode", "must be \"duplicate\" or \"unique\", got " + to_string(given));
  return success();
}

result<void> read_names(const value& given, std::vector<std::string>& out) {
  if (given.type() != value::kind::list)
    return wrong("listeners", "must be a list of names, got " + to_string(given));
  for (const auto& name : given.as_list()) {
    const auto text = name.as_string();
    if (!text)
      return wrong("listeners", "must contain names only, got " + to_string(name));
    out.emplace_back(*text);
  }
  return success();
}

result<void> read_option(std::string_view name, const value& given, scope_options& out) {
  if (name == "name") {
    const auto text = given.as_string();
    if (!text)
      return wrong(name, "must be a string, got " + to_string(given));
    out.name = *text;
    return success();
  }
  if (name == "mode")
    return read_mode(given, out.mode);
  if (name == "listeners")
    return read_names(given, out.listeners);
  if (name == "subscription_limit")
    return read_size(given, name, out.subscription_limit);
  if (name == "log_capacity")
    return read_size(given, name, out.log_capacity);
  if (name == "partitions")
    return read_size(given, name, out.partitions);
  return wrong(name, "is unknown; known are name, mode, listeners, subscription_limit, log_capacity, partitions");
}

} // namespace

result<void> scope_options::validate() const {
  if (name.empty())
    return wrong("name", "must not be empty");
  if (name.size() > longest_scope_name)
    return wrong("name", "must not be longer than " + std::to_string(longest_scope_name) + " bytes");
  for (const auto& listener : listeners) {
    if (listener.empty())
      return wrong("listeners", "must not contain an empty name");
  }
  if (subscription_limit < 1)
    return wrong("subscription_limit", "must be at least 1");
  if (log_capacity < 1)
    return wrong("log_capacity", "must be at least 1");
  if (partitions < 1)
    return wrong("partitions", "must be at least 1");
  return success();
}

result<scope_options> scope_options::from_value(const value& options) {
  if (options.type() != value::kind::map)
    return error(errc::invalid_argument, "scope options must be a map, got " + to_string(options));
  scope_options out;
  for (const auto& [name, given] : options.as_map()) {
    if (auto read = read_option(*name.as_string(), given, out); !read)
      return read.error();
  }
  if (auto valid = out.validate(); !valid)
    return valid.error();
  return out;
}

} // namespace registry::inline v0_2
