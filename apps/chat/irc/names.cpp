#include <chat/irc/names.hpp>

#include <algorithm>

namespace chat::irc {

namespace {

char fold_one(char c) noexcept {
  if (c >= 'A' && c <= 'Z')
    return static_cast<char>(c - 'A' + 'a');
  switch (c) {
  case '[':
    return '{';
  case ']':
    return '}';
  case '\\':
    return '|';
  case '~':
    return '^';
  default:
    return c;
  }
}

bool is_letter(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

bool is_special(char c) noexcept {
  return std::string_view{"[]\\`_^{|}"}.find(c) != std::string_view::npos;
}

bool is_control(char c) noexcept {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

} // namespace

std::string fold(std::string_view name) {
  std::string folded{name};
  std::ranges::transform(folded, folded.begin(), fold_one);
  return folded;
}

bool same_name(std::string_view a, std::string_view b) noexcept {
  return std::ranges::equal(a, b, {}, fold_one, fold_one);
}

bool is_nick(std::string_view name) noexcept {
  if (name.empty() || name.size() > max_nick || is_digit(name.front()) || name.front() == '-')
    return false;
  return std::ranges::all_of(name, [](char c) { return is_letter(c) || is_digit(c) || is_special(c) || c == '-'; });
}

bool is_channel(std::string_view name) noexcept {
  if (!looks_like_channel(name) || name.size() < 2 || name.size() > max_channel)
    return false;
  return std::ranges::none_of(name, [](char c) { return c == ' ' || c == ',' || c == ':' || is_control(c); });
}

bool looks_like_channel(std::string_view name) noexcept {
  return name.starts_with('#');
}

std::string upper(std::string_view command) {
  std::string result{command};
  std::ranges::transform(result, result.begin(),
                         [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  return result;
}

std::string clean_user(std::string_view claimed) {
  std::string result;
  for (auto c : claimed.substr(0, max_user)) {
    if (is_letter(c) || is_digit(c) || c == '.' || c == '-' || c == '_' || c == '~')
      result += c;
  }
  return result.empty() ? "user" : result;
}

} // namespace chat::irc
