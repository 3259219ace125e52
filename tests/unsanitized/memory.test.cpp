#include <registry/table/table.hpp>

#include <support/allocation.hpp>
#include <support/fake_member.hpp>

#include <support/catch.hpp>

#include <string>
#include <vector>

using namespace registry;
using testing::make_member;

TEST_CASE("an entry of its own key and member costs at most 250 bytes") {
  constexpr std::size_t count = 100000;
  std::vector<member> members;
  for (std::size_t i = 0; i < count; ++i)
    members.push_back(make_member(i));
  auto before = testing::allocated_bytes();
  table t;
  for (std::size_t i = 0; i < count; ++i) {
    auto key = value("key:" + std::to_string(i));
    t.assign(key, group().with(entry{members[i], {}, i, i, 0}));
    t.add_holding(members[i], key, i);
    auto freed = t.collect();
  }
  auto freed = t.collect_now();
  // What malloc itself adds to each block comes on top: 8 bytes.
  constexpr std::size_t blocks_per_entry = 5;
  CHECK((testing::allocated_bytes() - before) / count + 8 * blocks_per_entry <= 250);
  for (std::size_t i = 0; i < count; ++i) {
    t.assign("key:" + std::to_string(i), group());
    t.remove_holdings(members[i]);
    auto freed_now = t.collect();
  }
  freed = t.collect_now();
  freed = garbage();
  CHECK((testing::allocated_bytes() - before) / 1024 < 64);
}
