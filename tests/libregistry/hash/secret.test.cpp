#include <libregistry/hash/colliding.hpp>
#include <registry/hash/secret.hpp>
#include <registry/member/incarnation.hpp>
#include <registry/store/store.hpp>

#include <support/allocation.hpp>
#include <support/catch.hpp>
#include <support/effort.hpp>
#include <support/fake_member.hpp>
#include <support/seed.hpp>

#include <random>
#include <unordered_set>
#include <vector>

using namespace registry;
using registry::testing::colliding_text;
using registry::testing::make_member;

namespace {

/// The number of hashes that differ in the bits used by the upper levels of a trie.
template <class Hash>
std::size_t distinct(std::size_t count, Hash hash) {
  std::unordered_set<std::uint64_t> seen;
  for (std::size_t i = 0; i < count; ++i)
    seen.insert(hash(i) & 0xfffff);
  return seen.size();
}

std::string ordinary_text(std::uint64_t number) {
  return "an ordinary key of so many bytes" + std::to_string(number);
}

} // namespace

TEST_CASE("a secret is settled by the first hash") {
  const auto before = value{"a"}.hash();
  CHECK_FALSE(set_hash_secret(hash_secret::from_seed(registry::testing::seed() + 1)));
  CHECK(value{"a"}.hash() == before);
  CHECK(internal::secret().words == hash_secret::from_seed(registry::testing::seed()).words);
  CHECK(hash_secret::from_seed(1).words != hash_secret::from_seed(2).words);
}

TEST_CASE("keys constructed to collide do not collide, whatever kind of value holds them") {
  constexpr std::size_t count = 10'000;
  constexpr std::size_t enough = 9'800; // random hashes have 9,950 on average
  for (const bool with_seed : {true, false}) {
    const auto text = [=](std::size_t i) { return colliding_text(i, with_seed); };
    const auto stable = [&](auto make) { return distinct(100, [&](std::size_t i) { return make(text(i)).stable_hash(); }); };
    const auto keyed = [&](auto make) { return distinct(count, [&](std::size_t i) { return make(text(i)).hash(); }); };
    const auto as_text = [](const std::string& x) { return value{x}; };
    const auto as_list = [](const std::string& x) { return list("channel", x); };
    const auto as_key = [](const std::string& x) { return object(x, 1); };
    const auto as_mapped = [](const std::string& x) { return object("name", x, "size", 2); };
    if (with_seed) { // else the next lines would show nothing
      CHECK(stable(as_text) == 1);
      CHECK(stable(as_list) == 1);
      CHECK(stable(as_key) == 1);
      CHECK(stable(as_mapped) == 1);
    }
    CHECK(keyed(as_text) > enough);
    CHECK(keyed(as_list) > enough);
    CHECK(keyed(as_key) > enough);
    CHECK(keyed(as_mapped) > enough);
    CHECK(distinct(count, [&](std::size_t i) { return text_hash{}(text(i)); }) > enough);
    const auto as_bytes = [](const std::string& x) { return value::bytes(std::as_bytes(std::span{x})); };
    CHECK(keyed(as_bytes) > enough);
  }
}

TEST_CASE("short keys, numbers, members and incarnations are spread") {
  constexpr std::size_t count = 10'000;
  constexpr std::size_t enough = 9'800;
  for (const unsigned shift : {0U, 8U, 20U, 32U, 44U}) {
    CHECK(distinct(count, [=](std::size_t i) { return value(i << shift).hash(); }) > enough);
    CHECK(distinct(count, [=](std::size_t i) { return number_hash{}(i << shift); }) > enough);
    CHECK(distinct(count, [=](std::size_t i) { return keyed_hash(make_member(i << shift)); }) > enough);
    CHECK(distinct(count, [=](std::size_t i) { return incarnation_hash{}({i << shift, 7}); }) > enough);
    // In an unkeyed hash the two halves cancel each other.
    const auto cancelling = [=](std::size_t i) {
      return incarnation_hash{}({(i << shift) * 0x9e3779b97f4a7c15U, i << shift});
    };
    CHECK(distinct(count, cancelling) > enough);
  }
  CHECK(distinct(count, [](std::size_t i) { return value(std::to_string(i)).hash(); }) > enough);
  CHECK(keyed_hash(member{}) == 0);
  CHECK(keyed_hash(make_member(1)) == keyed_hash(make_member(1)));
}

TEST_CASE("a store of keys constructed to collide is no larger than another one") {
  constexpr std::size_t count = 20'000;
  std::size_t sizes[2];
  for (const bool bad : {false, true}) {
    const auto before = registry::testing::allocated_bytes();
    store s{store_options{}};
    const std::vector<member> who{make_member(1)};
    for (std::size_t i = 0; i < count; ++i) {
      REQUIRE(s.join(bad ? colliding_text(i) : ordinary_text(i), who, {}));
      static_cast<void>(s.collect());
    }
    CHECK(s.entries().keys_of(who[0]).size() == count);
    sizes[bad ? 1 : 0] = registry::testing::allocated_bytes() - before;
    CHECK(s.leave_all(who[0], reason::down) == count);
  }
  CHECK(sizes[1] < sizes[0] + sizes[0] / 5);
}

TEST_CASE("entry numbers chosen by a peer cost no more than others") {
  // All of them would fall into one group of a table that uses their bits unchanged.
  std::vector<remote_group> content;
  content_digest digest;
  for (std::uint64_t i = 1; i <= 20'000; ++i) {
    content.push_back({colliding_text(i), {{i << 40, make_member(i % 100), i}}});
    digest.add(i << 40, content.back().key, content.back().entries[0].who, i);
  }
  store s{store_options{}};
  s.install(1, content, digest);
  CHECK(s.entries().size() == content.size());
  CHECK(s.digest_of(1) == digest);
  CHECK(s.purge(1, reason::node_down) == content.size());
}
