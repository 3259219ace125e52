#include <node/comparison.hpp>

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace cluster_tests {

using namespace registry;

namespace {

using content = std::map<entry_id, value>;

content remote_entries_of(const table_snapshot& x) {
  content out;
  x.for_each([&](const value& key, const group& entries) {
    for (const auto& one : entries) {
      if (!one.is_local())
        out.emplace(one.id(), list(key, one.data));
    }
  });
  return out;
}

} // namespace

value comparison_of(const table_snapshot& before, const table_snapshot& after) {
  const auto old = remote_entries_of(before);
  std::map<std::string, std::int64_t> counts;
  std::size_t kept = 0;
  for (const auto& [id, content] : remote_entries_of(after)) {
    const auto found = old.find(id);
    if (found == old.end()) {
      ++counts["join/resync"];
      continue;
    }
    ++kept;
    if (!identical(found->second, content))
      ++counts["update/resync"];
  }
  if (kept < old.size())
    counts["leave/resync"] = static_cast<std::int64_t>(old.size() - kept);
  std::vector<std::pair<std::string, value>> out;
  for (const auto& [name, count] : counts)
    out.emplace_back(name, count);
  return value::map(std::move(out));
}

} // namespace cluster_tests
