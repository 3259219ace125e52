#include <registry/internal/member_index.hpp>

#include <support/allocation.hpp>
#include <support/effort.hpp>
#include <support/fake_member.hpp>
#include <support/seed.hpp>

#include <support/catch.hpp>

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

using namespace registry;
using namespace registry::internal;
using registry::testing::make_member;

namespace {

using position_list = std::vector<std::uint64_t>;

/// An index and its expected content.
class checked_index {
public:
  void add(const member& who, const value& key) {
    auto& expected = expected_[who->id()];
    CHECK(index.add(who, key, next_) == expected.empty());
    expected.emplace(next_++, key);
  }
  bool remove(const member& who, std::uint64_t position) {
    auto& expected = expected_[who->id()];
    const auto key = expected.at(position);
    const auto last = index.remove(who, key, position);
    expected.erase(position);
    return last == expected.empty();
  }
  /// The entries of some member, in the order of the index.
  [[nodiscard]] std::vector<member_entry> in_order(const member& who) const {
    std::vector<member_entry> out;
    for (const auto& [position, key] : expected_.at(who->id()))
      out.push_back({key, position});
    std::sort(out.begin(), out.end(),
              [](const member_entry& a, const member_entry& b) { return order_of(a) < order_of(b); });
    return out;
  }
  void remove_first(const member& who, std::span<const member_entry> first) {
    index.remove_first(who, first);
    for (const auto& x : first)
      expected_[who->id()].erase(x.position);
  }
  // For changes made elsewhere.
  std::uint64_t next() { return next_++; }
  void expect(const member& who, const value& key, std::uint64_t position) { expected_[who->id()].emplace(position, key); }
  void expect_no(const member& who, std::uint64_t position) { expected_[who->id()].erase(position); }
  [[nodiscard]] const value& key_at(const member& who, std::uint64_t position) { return expected_[who->id()].at(position); }
  /// The position of some entry.
  [[nodiscard]] std::uint64_t any_of(const member& who, std::uint64_t random) const {
    const auto& all = expected_.at(who->id());
    return std::next(all.begin(), static_cast<std::ptrdiff_t>(random % all.size()))->first;
  }
  [[nodiscard]] std::size_t size_of(const member& who) { return expected_[who->id()].size(); }

  [[nodiscard]] bool agree_on(const member& who, const value& key) {
    const auto expected = expected_positions(who, key);
    const auto last = index.read(who, [&](member_entry_reader r) { return r.last_position(key); });
    return index.read(who, [&](member_entry_reader r) { return r.positions(key); }) == expected &&
           last == (expected.empty() ? std::nullopt : std::optional(expected.back()));
  }
  [[nodiscard]] bool is_found(const member& who, const member_entry& x) const {
    const auto all = index.read(who, [&](member_entry_reader r) { return r.positions(x.key); });
    return std::binary_search(all.begin(), all.end(), x.position);
  }
  [[nodiscard]] bool agree(const member& who) {
    const auto& expected = expected_[who->id()];
    const auto all = index.read(who, [](member_entry_reader r) { return r.all(); });
    std::set<std::uint64_t> found;
    for (const auto& x : all) {
      const auto at = expected.find(x.position);
      if (at == expected.end() || !identical(at->second, x.key) || !found.insert(x.position).second)
        return false;
    }
    return found.size() == expected.size() && grouped(all) == keys(who) &&
           index.read(who, [](member_entry_reader r) { return r.size(); }) == expected.size();
  }

  retire_list retired;
  member_index index{retired};

private:
  position_list expected_positions(const member& who, const value& key) {
    position_list out;
    for (const auto& [position, held] : expected_[who->id()])
      if (identical(held, key))
        out.push_back(position);
    return out;
  }
  /// The keys, each once, as text in order.
  std::vector<std::string> keys(const member& who) {
    std::vector<std::string> out;
    for (const auto& x : index.read(who, [](member_entry_reader r) { return r.keys(); }))
      out.push_back(to_string(x));
    std::sort(out.begin(), out.end());
    return out;
  }
  /// The same from all entries, if each key has its entries side by side and in order.
  static std::vector<std::string> grouped(const std::vector<member_entry>& all) {
    std::vector<std::string> out;
    for (std::size_t i = 0; i < all.size(); ++i) {
      const auto same = i > 0 && identical(all[i].key, all[i - 1].key);
      if (same && all[i].position < all[i - 1].position)
        return {"not in order"};
      if (!same)
        out.push_back(to_string(all[i].key));
    }
    std::sort(out.begin(), out.end());
    return out;
  }

  std::map<caf::actor_id, std::map<std::uint64_t, value>> expected_;
  std::uint64_t next_ = 1;
};

/// Keys in the storage of the value and outside of it, so that a premature or a missing release is detected.
std::vector<value> make_keys(int count) {
  std::vector<value> out;
  for (int i = 0; i < count; ++i)
    out.push_back(i % 2 != 0 ? value(i) : value("a key that is too long to be stored inside: " + std::to_string(i)));
  return out;
}

} // namespace

TEST_CASE("a member index behaves like a map of maps") {
  const auto seed = testing::seed();
  CAPTURE(seed);
  // The number of keys and members, which determines the size of the trees; one key means that all hashes are equal.
  for (auto [key_count, member_count] : {std::pair{1, 1}, {3, 2}, {40, 10}, {3000, 1}, {3000, 100}}) {
    CAPTURE(key_count, member_count);
    std::mt19937_64 random(seed);
    const auto keys = make_keys(key_count);
    std::vector<member> members;
    for (int i = 0; i < member_count; ++i)
      members.push_back(make_member(static_cast<std::uint64_t>(i) + 1));
    checked_index t;
    const auto steps = testing::repetitions(40'000);
    for (std::uint64_t step = 0; step < steps; ++step) {
      const auto growing = 4 * step / steps % 2 == 0;
      const auto& who = members[random() % members.size()];
      const auto& key = keys[random() % keys.size()];
      if (t.size_of(who) == 0 || random() % 10 < (growing ? 7U : 2U))
        t.add(who, key);
      else
        REQUIRE(t.remove(who, t.any_of(who, random())));
      REQUIRE(t.agree_on(who, key));
      if (step % 500 == 0)
        REQUIRE(t.agree(who));
      auto freed = t.retired.collect();
    }
    for (const auto& who : members) {
      REQUIRE(t.agree(who));
      while (t.size_of(who) > 0) {
        REQUIRE(t.remove(who, t.any_of(who, random())));
        if (random() % 50 == 0)
          REQUIRE(t.agree(who));
      }
      REQUIRE_FALSE(t.index.read(who, [](member_entry_reader) { return true; }));
    }
  }
}

TEST_CASE("adjacent entries of the index can leave together while others join between them") {
  const auto seed = testing::seed();
  CAPTURE(seed);
  std::mt19937_64 random(seed);
  const auto ann = make_member(1);
  for (std::uint64_t tree = 0; tree < testing::repetitions(12); ++tree) {
    checked_index t;
    std::int64_t next_key = 0;
    const auto size = 2 + random() % 6000;
    const auto few_keys = random() % 3 == 0; // so that one key has many places
    const auto add_one = [&] { t.add(ann, few_keys ? value(static_cast<std::int64_t>(random() % 30)) : value(next_key++)); };
    for (int round = 0; round < 20; ++round) {
      while (t.size_of(ann) < size)
        add_one();
      auto all = t.in_order(ann);
      if (random() % 4 == 0)
        t.remove_first(ann, {all.data(), random() % (all.size() - 1) + 1});
      for (auto ranges = random() % 12; ranges > 0; --ranges) {
        all = t.in_order(ann);
        const auto first = random() % all.size();
        const auto end = std::min<std::size_t>(all.size() - 1, first + random() % 600);
        for (auto i = first; i < end; ++i)
          REQUIRE(t.remove(ann, all[i].position));
        for (auto count = random() % 2 * random() % 300; count > 0; --count)
          add_one();
      }
      REQUIRE(t.agree(ann));
      for (const auto& x : t.in_order(ann))
        REQUIRE(t.is_found(ann, x));
      auto freed = t.retired.collect();
    }
  }
}

TEST_CASE("removing an entry that is not held does nothing") {
  checked_index t;
  const auto ann = make_member(1);
  CHECK_FALSE(t.index.remove(ann, "a", 1));
  for (int i = 0; i < 100; ++i) {
    t.add(ann, i);
    CHECK_FALSE(t.index.remove(ann, i, 1000));
    CHECK_FALSE(t.index.remove(ann, "a", static_cast<std::uint64_t>(i) + 1));
    REQUIRE(t.agree(ann));
  }
}

TEST_CASE("a member index frees all keys and members") {
  const auto ann = make_member(1);
  const auto proxy = make_member(1);
  const auto key = value(ann); // counts its copies
  const auto references = testing::use_count(ann);
  {
    retire_list retired;
    member_index index(retired);
    for (std::uint64_t i = 1; i <= 200; ++i)
      index.add(ann, i % 3 == 0 ? key : value(i), i);
    for (std::uint64_t i = 3; i <= 100; i += 3)
      index.remove(ann, key, i);
    static_cast<void>(retired.collect_now());
    CHECK(testing::use_count(ann) == references + 1 + 33); // 66 of these keys less 33, and the handle
    index.renew(proxy);
    static_cast<void>(retired.collect_now());
    CHECK(testing::use_count(ann) == references + 33);
    CHECK(index.read(ann, [](member_entry_reader r) { return r.size(); }) == 167);
    index.add(ann, key, 201);
    static_cast<void>(retired.collect_now());
    CHECK(testing::use_count(ann) == references + 1 + 34);
    index.remove(proxy);
    static_cast<void>(retired.collect_now());
    CHECK(testing::use_count(ann) == references);
    index.add(ann, key, 300);
  }
  CHECK(testing::use_count(ann) == references);
}

TEST_CASE("the key of a single entry is freed with the entry, whatever came between") {
  const auto ann = make_member(1);
  const auto proxy = make_member(1);
  const auto bob = make_member(2);
  const auto key = value(bob); // counts its copies
  const auto references = testing::use_count(bob);
  retire_list retired;
  member_index index(retired);
  const auto keys_in_use = [&] {
    static_cast<void>(retired.collect_now());
    return testing::use_count(bob) - references;
  };
  const auto positions = [&] { return index.read(ann, [&](member_entry_reader r) { return r.positions(key); }); };
  const auto newest = [&] { return index.read(ann, [](member_entry_reader r) { return r.newest(); }); };
  for (const bool first_leaves : {false, true}) {
    CHECK(index.add(ann, key, 1));
    CHECK(keys_in_use() == 1);
    index.renew(proxy);
    CHECK(keys_in_use() == 1);
    CHECK(positions() == position_list{1});
    CHECK_FALSE(index.add(ann, key, 2));
    CHECK(keys_in_use() == 2);
    index.renew(ann);
    CHECK_FALSE(index.remove(ann, key, first_leaves ? 1 : 2));
    const std::uint64_t rest = first_leaves ? 2 : 1;
    CHECK(keys_in_use() == 1);
    CHECK(positions() == position_list{rest});
    CHECK(newest() == rest);
    CHECK_FALSE(index.add(ann, 3, 3));
    CHECK_FALSE(index.add(ann, key, 4));
    CHECK(keys_in_use() == 2);
    CHECK_FALSE(index.remove(ann, key, rest));
    CHECK_FALSE(index.remove(ann, key, 4));
    CHECK(keys_in_use() == 0);
    CHECK(newest() == 3);
    CHECK(index.remove(ann, 3, 3));
    CHECK(keys_in_use() == 0);
  }
  CHECK(index.add(ann, key, 5));
  index.clear();
  CHECK(keys_in_use() == 0);
  CHECK(index.add(ann, key, 6));
  index.remove(ann);
  CHECK(keys_in_use() == 0);
}

TEST_CASE("a member index without memory stays as it was") {
  const auto seed = testing::seed();
  CAPTURE(seed);
  std::mt19937_64 random(seed);
  const auto keys = make_keys(300);
  const auto ann = make_member(1);
  checked_index t;
  std::size_t refusals = 0;
  // Runs a change with more and more memory until it suffices.
  const auto insist = [&](auto change) {
    for (std::size_t successes = 0;; ++successes) {
      bool failed = false;
      {
        const testing::scarce_memory scarce(successes);
        try {
          change();
        } catch (const std::bad_alloc&) {
          failed = true;
        }
      }
      if (!failed)
        return;
      ++refusals;
      REQUIRE(t.agree(ann));
    }
  };
  for (int step = 0; step < 800; ++step) {
    const auto growing = step / 400 % 2 == 0;
    const auto& key = keys[random() % keys.size()];
    if (t.size_of(ann) == 0 || random() % 10 < (growing ? 9U : 1U)) {
      const auto position = t.next();
      insist([&] { t.index.add(ann, key, position); });
      t.expect(ann, key, position);
    } else {
      const auto position = t.any_of(ann, random());
      const auto& held = t.key_at(ann, position);
      insist([&] { t.index.remove(ann, held, position); });
      t.expect_no(ann, position);
    }
    REQUIRE(t.agree(ann));
    auto freed = t.retired.collect();
  }
  CHECK(refusals > 400); // more than one for each change
}
