#include <node/content.hpp>
#include <support/content_line.hpp>

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace cluster_tests {

using namespace registry;

value content_of(const registry::scope& scope, const incarnation& self) {
  std::vector<value> out;
  scope.snapshot().for_each([&](const value& key, const group& entries) {
    std::map<std::uint32_t, std::size_t> found; // by origin
    for (const auto& x : entries) {
      const auto owner = x.is_local() ? self : scope.owner(x).value_or(incarnation{});
      out.emplace_back(content_line(key, to_string(owner), found[x.origin]++, static_cast<std::int64_t>(x.who->id()),
                                    x.data.stable_hash()));
    }
  });
  return value::list(std::move(out));
}

} // namespace cluster_tests
