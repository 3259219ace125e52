#include <registry/member/member.hpp>

#include <support/fake_member.hpp>

#include <support/catch.hpp>

#include <unordered_set>
#include <vector>

using namespace registry;
using testing::make_member;

TEST_CASE("two handles of one actor are the same member") {
  const auto a = make_member(1);
  const auto replacement = make_member(1);
  REQUIRE(a.get() != replacement.get());
  CHECK(same_member(a, a));
  CHECK(same_member(a, replacement));
  CHECK((compare_members(a, replacement) == 0));
  CHECK(hash_member(a) == hash_member(replacement));
}

TEST_CASE("members differ by their actor id and by their node") {
  const auto a = make_member(1, 1);
  for (const auto& other : {make_member(2, 1), make_member(1, 2), member{}}) {
    CHECK_FALSE(same_member(a, other));
    CHECK_FALSE(same_member(other, a));
    CHECK((compare_members(a, other) != 0));
    CHECK(hash_member(a) != hash_member(other));
  }
}

TEST_CASE("null is a member like any other, before all others") {
  const auto a = make_member(1);
  const member null;
  CHECK(same_member(null, null));
  CHECK((compare_members(null, null) == 0));
  CHECK((compare_members(null, a) < 0));
  CHECK((compare_members(a, null) > 0));
  CHECK(hash_member(null) == 0);
}

TEST_CASE("members are ordered by node, then by actor id") {
  const std::vector<member> ascending{{}, make_member(2, 1), make_member(9, 1), make_member(1, 2), make_member(3, 7)};
  for (std::size_t i = 0; i < ascending.size(); ++i)
    for (std::size_t j = 0; j < ascending.size(); ++j) {
      CAPTURE(i, j);
      CHECK((compare_members(ascending[i], ascending[j]) == (i <=> j)));
    }
}

TEST_CASE("hashes of adjacent actor ids differ in their low and in their high bits") {
  std::unordered_set<std::uint64_t> low;
  std::unordered_set<std::uint64_t> high;
  constexpr std::size_t many = 1000;
  for (std::uint64_t id = 1; id <= many; ++id) {
    const auto hash = hash_member(make_member(id));
    low.insert(hash & 0xffff);
    high.insert(hash >> 48);
  }
  // 1000 of 65,536 places at random collide about 8 times.
  CHECK(low.size() > many - 40);
  CHECK(high.size() > many - 40);
}

TEST_CASE("containers keyed by identity find the replacement of a handle") {
  std::unordered_set<member, member_hash, member_equal> members{make_member(1), make_member(2)};
  CHECK(members.contains(make_member(1)));
  CHECK_FALSE(members.contains(make_member(1, 2)));
}

TEST_CASE("a fake member frees its memory with its last reference") {
  const auto before = testing::live_members();
  {
    const auto a = make_member(1);
    const auto copy = a;
    CHECK(testing::use_count(a) == 2);
    CHECK(testing::live_members() == before + 1);
  }
#ifndef __SANITIZE_THREAD__
  CHECK(testing::live_members() == before);
#endif
}
