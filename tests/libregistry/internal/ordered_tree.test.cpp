#include <registry/internal/ordered_tree.hpp>

#include <support/allocation.hpp>
#include <support/seed.hpp>

#include <support/catch.hpp>

#include <algorithm>
#include <memory>
#include <random>
#include <string>
#include <vector>

using namespace registry;
using namespace registry::internal;

namespace {

/// An element that reveals leaks and premature releases.
struct item {
  std::uint64_t key = 0;
  std::shared_ptr<int> data;
};

struct item_key {
  std::uint64_t operator()(const item& x) const noexcept { return x.key; }
};

using tree = ordered_tree<item, item_key>;
using nodes = tree::nodes;

item make_item(std::uint64_t key, int data = 0) {
  return {key, std::make_shared<int>(data)};
}

struct census {
  std::size_t nodes = 0;
  std::size_t elements = 0;
  std::string fault;
};

void check_node(const tree_node* n, bool is_root, bool at_right_edge, census& result) {
  ++result.nodes;
  auto require = [&](bool holds, const char* what) {
    if (!holds)
      result.fault = what;
  };
  require(n->references.load() >= 1, "a node without references");
  require(n->count >= 1 && n->count <= nodes::max_count && n->count <= n->capacity, "a count out of bounds");
  require(is_root || at_right_edge || n->count >= nodes::min_count, "a sparse node");
  if (n->is_leaf()) {
    result.elements += n->count;
    const auto* items = nodes::as_leaf(n)->items();
    require(std::is_sorted(items, items + n->count, [](const item& a, const item& b) { return a.key < b.key; }),
            "an unsorted leaf");
    return;
  }
  require(!is_root || n->count >= 2, "a root with one branch");
  const auto* inner = nodes::as_inner(n);
  std::size_t size = 0;
  for (unsigned i = 0; i < n->count; ++i) {
    const auto& b = inner->branches()[i];
    require(b.child->height + 1 == n->height, "a child of a wrong height");
    require(b.size == nodes::size_of(b.child), "a wrong size of a branch");
    require(b.first == nodes::first_key(b.child), "a wrong first key");
    require(i == 0 || inner->branches()[i - 1].first <= b.first, "unsorted branches");
    size += b.size;
    check_node(b.child, false, at_right_edge && i + 1 == n->count, result);
  }
  require(size == inner->size, "a wrong size of a node");
}

/// Counts nodes and elements and checks the structure on the way.
census inspect(const tree& t) {
  census result;
  if (t.root())
    check_node(t.root(), true, true, result);
  if (result.elements != t.size())
    result.fault = "a wrong size";
  return result;
}

std::vector<item> content(const tree& t) {
  std::vector<item> result;
  while (result.size() < t.size()) {
    auto [at, end] = nodes::run_at(t.root(), result.size());
    result.insert(result.end(), at, end);
  }
  return result;
}

bool same(const std::vector<item>& a, const std::vector<item>& b) {
  return std::ranges::equal(a, b, [](const item& x, const item& y) { return x.key == y.key && x.data == y.data; });
}

std::size_t rank_in(const std::vector<item>& model, std::uint64_t key) {
  auto at = std::ranges::lower_bound(model, key, {}, &item::key);
  return static_cast<std::size_t>(at - model.begin());
}

struct version {
  tree actual;
  std::vector<item> expected;
};

} // namespace

TEST_CASE("a node costs eight bytes more than its elements") {
  auto before = testing::allocated_bytes();
  tree t;
  t.insert(0, {1, nullptr});
  auto bytes = testing::allocated_bytes() - before;
  CHECK(sizeof(tree_node) == 8);
  CHECK(bytes >= sizeof(item) + 8);
  CHECK(bytes <= sizeof(item) + 8 + 15);
}

TEST_CASE("a tree behaves like a sorted vector, and old versions never change") {
  auto seed = testing::seed();
  CAPTURE(seed);
  std::mt19937_64 random(seed);
  for (int round = 0; round < 12; ++round) {
    // Rounds differ in how they grow: with few keys there are many duplicates.
    auto keys = round % 3 == 0 ? 50U : 100000U;
    auto appends = round % 2 == 0;
    std::vector<version> kept;
    version now;
    for (int step = 0; step < 3000; ++step) {
      auto growing = (step / 500) % 2 == 0;
      auto choice = random() % 10;
      auto size = now.expected.size();
      if (random() % 100 == 0 && kept.size() < 20)
        kept.push_back(now);
      auto shared = random() % 2 == 0;
      auto before = shared ? now.actual : tree();
      if (size == 0 || choice < (growing ? 7U : 2U)) {
        auto key = appends && choice < 6 ? (size ? now.expected.back().key + random() % 2 : 0) : random() % keys;
        auto rank = rank_in(now.expected, key);
        REQUIRE(now.actual.rank_of(key) == rank);
        if (appends && size && key == now.expected.back().key)
          rank = size;
        auto added = make_item(key, step);
        now.expected.insert(now.expected.begin() + static_cast<std::ptrdiff_t>(rank), added);
        now.actual.insert(rank, added);
      } else if (choice < 9) {
        auto rank = random() % size;
        now.expected.erase(now.expected.begin() + static_cast<std::ptrdiff_t>(rank));
        now.actual.erase(rank);
      } else {
        auto rank = random() % size;
        auto changed = make_item(now.expected[rank].key, -step);
        now.expected[rank] = changed;
        now.actual.replace(rank, changed);
      }
      if (step % 50 == 0) {
        REQUIRE(inspect(now.actual).fault == "");
        REQUIRE(same(content(now.actual), now.expected));
      }
      if (!now.expected.empty()) {
        auto rank = random() % now.expected.size();
        REQUIRE(now.actual[rank].data == now.expected[rank].data);
      }
    }
    for (auto& old : kept) {
      REQUIRE(inspect(old.actual).fault == "");
      REQUIRE(same(content(old.actual), old.expected));
    }
  }
}

TEST_CASE("elements dropped by a tree are freed") {
  auto data = std::make_shared<int>(7);
  {
    tree t;
    for (std::uint64_t i = 0; i < 500; ++i)
      t.insert(t.size(), {i, data});
    CHECK(data.use_count() == 501);
    auto old = t;
    for (int i = 0; i < 250; ++i)
      t.erase(static_cast<std::size_t>(i));
    CHECK(t.size() == 250);
    old = tree();
    CHECK(data.use_count() == 251);
  }
  CHECK(data.use_count() == 1);
}

TEST_CASE("changing an unshared tree copies no elements") {
  tree t;
  auto data = std::make_shared<int>(7);
  for (std::uint64_t i = 0; i < 8; ++i)
    t.insert(i, {i, data});
  auto* root = t.root();
  t.replace(3, {3, nullptr});
  CHECK(t.root() == root);
  t.erase(3);
  CHECK(t.root() == root);
  t.insert(3, {3, nullptr});
  CHECK(t.root() == root);
}

TEST_CASE("appending fills the nodes, and the height and number of nodes shrink with the size") {
  constexpr std::size_t size = 200000;
  tree t;
  for (std::uint64_t i = 0; i < size; ++i)
    t.insert(i, {i, nullptr});
  auto full = inspect(t);
  REQUIRE(full.fault == "");
  CHECK(full.nodes < size / 12);
  auto full_height = t.root()->height;
  auto old = t;

  auto seed = testing::seed();
  CAPTURE(seed);
  std::mt19937_64 random(seed);
  SECTION("31 of 32 are removed at random") {
    while (t.size() > size / 32)
      t.erase(random() % t.size());
  }
  SECTION("31 of 32 are removed in turn") {
    for (std::size_t i = 0; i < size / 32; ++i)
      for (int n = 0; n < 31; ++n)
        t.erase(i);
  }
  SECTION("the first are removed") {
    while (t.size() > size / 32)
      t.erase(0);
  }
  SECTION("the last are removed") {
    while (t.size() > size / 32)
      t.erase(t.size() - 1);
  }
  auto rest = inspect(t);
  CHECK(rest.fault == "");
  CHECK(rest.nodes < size / 32 / 3);
  CHECK(t.root()->height <= full_height);
  CHECK(inspect(old).nodes == full.nodes);
  while (t.size() > 0)
    t.erase(random() % t.size());
  CHECK(t.root() == nullptr);
}

TEST_CASE("a queue of constant size keeps a constant number of nodes") {
  tree t;
  for (std::uint64_t i = 0; i < 1000; ++i)
    t.insert(i, {i, nullptr});
  for (std::uint64_t i = 1000; i < 50000; ++i) {
    t.erase(0);
    t.insert(t.size(), {i, nullptr});
  }
  auto found = inspect(t);
  CHECK(found.fault == "");
  CHECK(found.nodes < 300);
}

TEST_CASE("a change without memory leaves the tree as it was") {
  auto seed = testing::seed();
  CAPTURE(seed);
  std::mt19937_64 random(seed);
  std::size_t refusals = 0;
  for (int round = 0; round < 150; ++round) {
    std::vector<item> before;
    auto size = random() % 300 + 1;
    for (std::uint64_t i = 0; i < size; ++i)
      before.push_back(make_item(i));
    tree original;
    for (auto& x : before)
      original.insert(original.size(), x);
    // Makes it sparse, so that removals have to rebalance it.
    for (auto n = random() % size; n > 0; --n) {
      auto rank = random() % original.size();
      original.erase(rank);
      before.erase(before.begin() + static_cast<std::ptrdiff_t>(rank));
    }
    auto rank = random() % before.size();
    auto added = make_item(before[rank].key);
    auto after = before;
    auto at = after.begin() + static_cast<std::ptrdiff_t>(rank);
    auto change = random() % 4;
    if (change == 0)
      after.insert(at, added);
    else if (change == 1)
      *at = added;
    else
      after.erase(at);

    auto shared = round % 2 == 0;
    for (std::size_t allocations = 0; allocations < 16; ++allocations) {
      tree t = original;
      if (!shared) {
        t = tree();
        for (auto& x : before)
          t.insert(t.size(), x);
      }
      bool failed = false;
      {
        testing::scarce_memory scarce(allocations);
        try {
          if (change == 0)
            t.insert(rank, added);
          else if (change == 1)
            t.replace(rank, added);
          else
            t.erase(rank);
        } catch (const std::bad_alloc&) {
          failed = true;
          ++refusals;
        }
      }
      REQUIRE(same(content(t), failed ? before : after));
      REQUIRE(t.size() == (failed ? before : after).size());
    }
    REQUIRE(same(content(original), before));
  }
  CHECK(refusals > 75); // about one for each change
}
