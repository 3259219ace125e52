#include <registry/match/internal/key_places.hpp>
#include <registry/match/internal/program.hpp>

#include <algorithm>

namespace registry::inline v0_2::internal {

void key_places::learn(const map_view& map, const pattern_step* parts, std::uint32_t count) noexcept {
  const auto keys = map.keys();
  auto from = keys.begin();
  list_ = key_list::share(map);
  decisive_ = nullptr;
  for (count_ = 0; count_ < count; ++count_) {
    from = std::find_if(from, keys.end(), [&](const value& key) { return identical(key, parts[count_].key); });
    if (from == keys.end())
      return;
    places_[count_] = static_cast<std::uint32_t>(from - keys.begin());
  }
}

} // namespace registry::inline v0_2::internal
