#include <registry/actor/handle.hpp>
#include <registry/table/table.hpp>

#include <support/allocation.hpp>
#include <support/fake_member.hpp>
#include <support/fixture.hpp>

#include <caf/event_based_actor.hpp>

#include <support/catch.hpp>

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

using namespace registry;
using testing::allocated_memory;
using testing::make_member;

namespace {

constexpr std::size_t count = 100'000;

std::string key_of(std::size_t i) {
  return "key:" + std::to_string(i);
}

/// What has been allocated for each of the entries since it was so much in all.
std::size_t per_entry_since(std::size_t before) {
  const auto now = allocated_memory();
  return now > before ? (now - before) / count : 0;
}

/// A node with so many actors, all of which have begun, and a scope that is at rest.
class crowded_node : public testing::one_node {
public:
  explicit crowded_node(std::size_t size) {
    for (std::size_t i = 0; i < size; ++i)
      members.push_back(registry::as_member(system.spawn([this]() -> caf::behavior {
        ++begun_;
        return {[](std::int32_t) {}};
      })));
    wait_until([&] { return begun_ == size; });
    // What the first change costs is not the entries'.
    REQUIRE(rooms.join("warm", members[0]));
    REQUIRE(rooms.leave("warm", members[0]));
    rest();
  }
  ~crowded_node() {
    for (const auto& who : members)
      registry::kill(who);
  }
  /// Everything that was committed has been handed out, and what was replaced has been freed.
  void rest() {
    rooms.flush();
    ask(rooms, count_request{});
    rooms.flush();
  }
  void populate() {
    for (std::size_t i = 0; i < count; ++i)
      REQUIRE(rooms.join(key_of(i), members[i % members.size()], object("role", "worker", "shard", i % 1000)));
    rest();
  }
  void all_leave() {
    for (const auto& who : members)
      REQUIRE(rooms.leave_all(who));
    rest();
  }

  std::vector<member> members;

private:
  std::atomic<std::size_t> begun_{0};
};

} // namespace

TEST_CASE("an entry of a scope costs at most 300 bytes with its key, a value of two fields and the monitor of its member") {
  crowded_node n(count);
  const auto before = allocated_memory();
  n.populate();
  const auto cost = per_entry_since(before);
  CHECK(cost <= 300);
  CHECK(cost > 200); // it has been counted
  n.all_leave();
  // The set of those who are monitored keeps its size.
  CHECK(per_entry_since(before) <= 16);
}

TEST_CASE("an entry of a scope whose member has a hundred costs at most 210 bytes with its key and a value of two fields") {
  crowded_node n(count / 100);
  const auto before = allocated_memory();
  n.populate();
  const auto cost = per_entry_since(before);
  CHECK(cost <= 210);
  CHECK(cost > 150);
  n.all_leave();
  CHECK(per_entry_since(before) <= 1);
}

TEST_CASE("a text key is looked up without an allocation, and so without a value of it") {
  testing::one_node n;
  const std::string key(100, 'x');
  REQUIRE(n.rooms.join(key, n.spawn_idle()));
  std::size_t found = n.rooms.lookup(std::string_view{key}).size(); // what the first lookup of a thread needs is not counted
  {
    const testing::scarce_memory none(0);
    found += n.rooms.lookup(std::string_view{key}).size();
  }
  CHECK(found == 2);
}

TEST_CASE("an entry of a table without a scope costs at most 175 bytes with its key and no value") {
  std::vector<member> members;
  for (std::size_t i = 0; i < count; ++i)
    members.push_back(make_member(i));
  // The alignment of members leaves holes between them, and what the table would put there takes more than it needs.
  std::vector<std::unique_ptr<char[]>> filling;
  for (const std::size_t size : {24, 40, 56, 72, 88, 104}) {
    for (std::size_t i = 0; i < 2 * count; ++i)
      filling.emplace_back(new char[size]);
  }
  const auto before = allocated_memory();
  table t;
  for (std::size_t i = 0; i < count; ++i) {
    const value key(key_of(i));
    t.assign(key, group().with(entry{members[i], {}, i, i, 0}));
    t.add_member_entry(members[i], key, i);
    auto freed = t.collect();
  }
  auto freed = t.collect_now();
  CHECK(per_entry_since(before) <= 175);
  for (std::size_t i = 0; i < count; ++i) {
    t.assign(key_of(i), group());
    t.remove_member_entries(members[i]);
    auto freed_now = t.collect();
  }
  freed = t.collect_now();
  freed = garbage();
  CHECK(per_entry_since(before) == 0);
}
