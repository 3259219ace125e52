#include <registry/node/nearest_word.hpp>

#include <algorithm>
#include <cstddef>
#include <utility>

namespace registry::inline v0_2 {

namespace {

/// The optimal string alignment distance.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before_last;
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t k = 0; k <= b.size(); ++k)
    row[k] = k;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    before_last = std::exchange(last, row);
    row[0] = i;
    for (std::size_t k = 1; k <= b.size(); ++k) {
      const std::size_t replaced = last[k - 1] + (a[i - 1] == b[k - 1] ? 0 : 1);
      row[k] = std::min({replaced, last[k] + 1, row[k - 1] + 1});
      if (i > 1 && k > 1 && a[i - 1] == b[k - 2] && a[i - 2] == b[k - 1])
        row[k] = std::min(row[k], before_last[k - 2] + 1);
    }
  }
  return row[b.size()];
}

std::string_view last_part(std::string_view name) {
  return name.substr(name.rfind('.') + 1); // npos + 1 is 0
}

} // namespace

std::optional<std::string> nearest_word(std::string_view mistyped, const std::vector<std::string>& words) {
  const std::string* best = nullptr;
  std::size_t fewest = std::max<std::size_t>(mistyped.size() / 3, 1) + 1;
  for (const auto& word : words) {
    const auto edits = distance(mistyped, word);
    if (edits >= fewest || edits >= word.size())
      continue;
    best = &word;
    fewest = edits;
  }
  return best == nullptr ? std::nullopt : std::optional{*best};
}

std::optional<std::string> nearest_name(std::string_view mistyped, const std::vector<std::string>& names) {
  if (auto found = nearest_word(mistyped, names))
    return found;
  std::vector<std::string> last_parts;
  for (const auto& name : names)
    last_parts.emplace_back(last_part(name));
  const auto near = nearest_word(last_part(mistyped), last_parts);
  const auto found = std::ranges::find_if(names, [&](const auto& name) { return near && last_part(name) == *near; });
  return found == names.end() ? std::nullopt : std::optional{*found};
}

std::string did_you_mean(const std::optional<std::string>& word) {
  return word ? "; did you mean " + *word + "?" : std::string{};
}

} // namespace registry::inline v0_2
