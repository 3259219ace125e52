#include <chaos/action.hpp>

#include <array>
#include <utility>

namespace cluster_tests::chaos {

namespace {

struct words {
  const char* name;
  const char* amount; ///< what `action::amount` counts
};

words words_of(deed what) {
  static constexpr std::array<words, 20> all{{
      {"join", ""},
      {"update", ""},
      {"leave", ""},
      {"end of a member", ""},
      {"dispatch", ""},
      {"crash of a scope", ""},
      {"restart", ""},
      {"rotation of the secret", ""},
      {"kill", ""},
      {"drain", ""},
      {"pause", ""},
      {"flap", ""},
      {"unplugged line", ""},
      {"partition", ""},
      {"one-way cut", ""},
      {"loss", "percent"},
      {"limit", "bit/s"},
      {"delay", "ms"},
      {"corruption", "chunks a fault"},
      {"rest", ""},
  }};
  return all.at(static_cast<std::size_t>(what));
}

std::string of_operation(const action& x) {
  std::string out = ": " + x.scope + " " + x.key;
  if (x.what == deed::dispatch)
    return out + " " + x.strategy;
  if (x.what == deed::crash_scope)
    return ": " + x.scope;
  if (x.what == deed::end_member)
    return ": " + std::to_string(x.member);
  out += x.member < 0 ? " new member" : " member " + std::to_string(x.member);
  if (const auto* text = x.data.find("text"))
    out += " with " + std::to_string(text->as_string().value_or("").size()) + " characters";
  return out + (x.is_refused ? ", to be refused" : "");
}

} // namespace

std::string to_string(deed what) {
  return words_of(what).name;
}

bool is_operation(deed what) {
  return what <= deed::dispatch;
}

std::string to_string(const action& x) {
  std::string out = (x.ends ? "end of " : "") + to_string(x.what);
  if (x.what == deed::rest)
    return out;
  if (x.what == deed::part) {
    out += " of";
    for (const auto host : x.group)
      out += " " + std::to_string(host);
    return out;
  }
  out += " at node " + std::to_string(x.node);
  if (is_operation(x.what) || x.what == deed::crash_scope)
    return out + of_operation(x);
  if (x.what == deed::cut_way)
    out += " to " + std::to_string(x.other);
  if (x.amount != 0)
    out += ": " + std::to_string(x.amount) + " " + words_of(x.what).amount;
  return out;
}

} // namespace cluster_tests::chaos
