#include <registry/value/convert.hpp>

namespace registry::inline v0_2::internal {

namespace {

std::string with_article(value::kind x) {
  switch (x) {
  case value::kind::null:
    return "null";
  case value::kind::bytes:
    return "bytes";
  case value::kind::integer:
  case value::kind::actor:
    return "an " + std::string{to_string(x)};
  default:
    return "a " + std::string{to_string(x)};
  }
}

// The value found, if it is short enough for a message.
std::string shown(const value& x) {
  constexpr std::size_t longest = 40;
  auto text = to_string(x);
  return text.size() <= longest ? text : with_article(x.type());
}

template <class T>
bool assign(const std::optional<T>& found, auto& out, const char* what, const value& x, conversion_failure& failure) {
  if (!found)
    return failure.expected(what, x);
  out = *found;
  return true;
}

} // namespace

bool conversion_failure::expected(std::string_view what, const value& found) {
  message = "expected " + std::string{what} + ", got " + with_article(found.type());
  return false;
}

bool conversion_failure::out_of_range(std::string_view lowest, std::string_view highest, const value& found) {
  message = "expected an integer from " + std::string{lowest} + " to " + std::string{highest} + ", got " + to_string(found);
  return false;
}

bool conversion_failure::unknown_name(std::string_view names, const value& found) {
  message = "expected one of " + std::string{names} + ", got " + shown(found);
  return false;
}

bool conversion_failure::missing() {
  message = "the field is missing";
  return false;
}

bool conversion_failure::inside(std::string_view name) {
  const bool dot = !path.empty() && path.front() != '[';
  path = std::string{name} + (dot ? "." : "") + path;
  return false;
}

bool conversion_failure::inside(std::size_t index) {
  const bool dot = !path.empty() && path.front() != '[';
  path = '[' + std::to_string(index) + ']' + (dot ? "." : "") + path;
  return false;
}

error conversion_failure::to_error() && {
  return {errc::malformed, path.empty() ? std::move(message) : path + ": " + message};
}

bool read(const value& x, bool& out, conversion_failure& failure) {
  return assign(x.as_bool(), out, "a boolean", x, failure);
}

bool read(const value& x, double& out, conversion_failure& failure) {
  return assign(x.as_real(), out, "a real", x, failure);
}

bool read(const value& x, std::string& out, conversion_failure& failure) {
  return assign(x.as_string(), out, "a string", x, failure);
}

bool read(const value& x, member& out, conversion_failure& failure) {
  out = x.as_actor();
  return out || x.is_null() || failure.expected("an actor", x);
}

bool read(const value& x, std::vector<std::byte>& out, conversion_failure& failure) {
  const auto found = x.as_bytes();
  if (!found)
    return failure.expected("bytes", x);
  out.assign(found->begin(), found->end());
  return true;
}

} // namespace registry::inline v0_2::internal
