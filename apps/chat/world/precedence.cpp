#include <chat/world/precedence.hpp>

#include <limits>

namespace chat {

claim claim_in(const registry::member& who, const registry::value& data) {
  const auto* since = data.find("since");
  auto when = since ? since->as_integer() : std::nullopt;
  return {who, when.value_or(std::numeric_limits<std::int64_t>::max())};
}

bool outranks(const claim& a, const claim& b) noexcept {
  if (a.since != b.since)
    return a.since < b.since;
  return registry::compare_members(a.who, b.who) < 0;
}

} // namespace chat
