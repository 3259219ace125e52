#include <chat/world/person.hpp>

#include <chrono>
#include <tuple>

namespace chat {

namespace {

std::string prefix(std::string_view nick, std::string_view user, std::string_view host) {
  std::string result;
  result.reserve(nick.size() + user.size() + host.size() + 2);
  result.append(nick).append("!").append(user).append("@").append(host);
  return result;
}

} // namespace

std::int64_t milliseconds_now() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

std::string prefix_of(const person& who) {
  return prefix(who.nick, who.user, who.host);
}

std::string_view text_in(const registry::value& data, std::string_view field) noexcept {
  const auto* found = data.find(field);
  return found ? found->as_string().value_or(std::string_view{}) : std::string_view{};
}

bool has_text(const registry::value& data, std::string_view field) noexcept {
  const auto* found = data.find(field);
  return found && found->type() == registry::value::kind::string;
}

std::string prefix_in(const registry::value& data) {
  return prefix(text_in(data, "nick"), text_in(data, "user"), text_in(data, "host"));
}

bool is_newer(const topic& a, const topic& b) noexcept {
  return std::tie(a.at, a.by, a.text) > std::tie(b.at, b.by, b.text);
}

} // namespace chat
