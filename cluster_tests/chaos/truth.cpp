#include <chaos/truth.hpp>
#include <support/content_line.hpp>

#include <algorithm>
#include <iterator>
#include <numeric>
#include <utility>

namespace cluster_tests::chaos {

namespace {

std::size_t size_of(const registry::value& data) {
  const auto* text = data.find("text");
  return text != nullptr ? text->as_string().value_or("").size() : 0;
}

auto is_of(const std::string& scope, const std::string& key, std::int64_t member) {
  return [&scope, &key, member](const truth::entry& x) { return x.scope == scope && x.key == key && x.member == member; };
}

void append(std::string& out, const char* what, const std::vector<std::string>& lines) {
  constexpr std::size_t most = 10;
  for (std::size_t i = 0; i < std::min(most, lines.size()); ++i)
    out += std::string{"  "} + what + ": " + lines[i] + "\n";
  if (lines.size() > most)
    out += "  … and " + std::to_string(lines.size() - most) + " more\n";
}

} // namespace

void truth::start(std::size_t node, std::string self) {
  processes_.at(node) = {};
  processes_[node].self = std::move(self);
}

void truth::join(std::size_t node, const std::string& scope, const std::string& key, std::int64_t member, std::int64_t actor,
                 const registry::value& data) {
  auto& x = processes_.at(node);
  x.actors[member] = actor;
  x.entries.push_back({scope, key, member, data.stable_hash(), size_of(data)});
}

void truth::update(std::size_t node, const std::string& scope, const std::string& key, std::int64_t member,
                   const registry::value& data) {
  const auto matches = is_of(scope, key, member);
  for (auto& x : processes_.at(node).entries) {
    if (!matches(x))
      continue;
    x.hash = data.stable_hash();
    x.size = size_of(data);
  }
}

void truth::leave(std::size_t node, const std::string& scope, const std::string& key, std::int64_t member) {
  auto& entries = processes_.at(node).entries;
  const auto last = std::find_if(entries.rbegin(), entries.rend(), is_of(scope, key, member));
  if (last != entries.rend())
    entries.erase(std::next(last).base());
}

void truth::end_member(std::size_t node, std::int64_t member) {
  auto& x = processes_.at(node);
  for (const auto& one : x.entries) {
    if (one.member == member)
      x.uncertain.insert(one.key);
  }
  std::erase_if(x.entries, [&](const entry& one) { return one.member == member; });
  x.actors.erase(member);
}

void truth::settle() {
  for (auto& x : processes_)
    x.uncertain.clear();
}

bool truth::holds(std::size_t node, const std::string& scope, const std::string& key) const {
  const auto& entries = processes_.at(node).entries;
  return std::ranges::any_of(entries, [&](const entry& x) { return x.scope == scope && x.key == key; });
}

std::size_t truth::size() const {
  std::size_t out = 0;
  for (const auto& x : processes_) {
    for (const auto& one : x.entries)
      out += one.size;
  }
  return out;
}

std::vector<std::string> truth::lines(const std::string& scope) const {
  std::vector<std::string> out;
  for (const auto& x : processes_) {
    std::map<std::string, std::size_t> found; // by key
    for (const auto& one : x.entries) {
      if (one.scope == scope)
        out.push_back(content_line(one.key, x.self, found[one.key]++, x.actors.at(one.member), one.hash));
    }
  }
  std::ranges::sort(out);
  return out;
}

std::string difference_of(const std::vector<std::string>& expected, const std::vector<std::string>& found) {
  std::vector<std::string> missing;
  std::vector<std::string> superfluous;
  std::ranges::set_difference(expected, found, std::back_inserter(missing));
  std::ranges::set_difference(found, expected, std::back_inserter(superfluous));
  std::string out;
  append(out, "missing", missing);
  append(out, "superfluous", superfluous);
  return out;
}

} // namespace cluster_tests::chaos
