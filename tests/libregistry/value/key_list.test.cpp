#include <registry/value/codec.hpp>
#include <registry/value/convert.hpp>
#include <registry/value/json.hpp>

#include <libregistry/value/encoded_form.hpp>
#include <support/allocation.hpp>
#include <support/effort.hpp>
#include <support/random_value.hpp>
#include <support/seed.hpp>

#include <support/catch.hpp>

#include <algorithm>
#include <map>
#include <new>
#include <thread>

using namespace registry;
using testing::allocated_bytes;
using testing::encoded_form;
using testing::random_below;
using testing::random_value;

namespace {

struct assignment {
  std::string role;
  int shard = 0;
};
BOOST_DESCRIBE_STRUCT(assignment, (), (role, shard))

bool share_keys(const value& a, const value& b) {
  return a.as_map().keys().data() == b.as_map().keys().data();
}

/// The result of a function in a separate thread, which has ended when this returns.
template <class F>
auto elsewhere(F make) {
  decltype(make()) out;
  std::thread([&] { out = make(); }).join();
  return out;
}

/// More sets of keys than any thread remembers.
void make_many_shapes() {
  for (int i = 0; i < 10'000; ++i)
    if (object("one of many " + std::to_string(i), i).as_map().size() != 1)
      std::abort();
}

/// Makes and drops maps, some of them old, when it is destroyed: at the end of a thread or of the program.
struct late_maker {
  value kept = object("kept", 1, "since", "the beginning");
  ~late_maker() {
    const auto copy = object("kept", 1, "since", "the beginning");
    const auto fresh = object("made", "while", "everything", "ends");
    if (!identical(kept, copy) || !identical(fresh, object("made", "while", "everything", "ends")))
      std::abort();
    kept = fresh;
  }
};

thread_local late_maker before_the_first_map;
const late_maker at_program_end;

} // namespace

TEST_CASE("maps with the same keys share them, however they are made") {
  const auto x = object("role", "worker", "shard", 7);
  CHECK(share_keys(x, object("role", 1, "shard", nullptr)));
  CHECK(share_keys(x, object("shard", 1, "role", 2)));
  CHECK(share_keys(x, object("role", 0, "shard", 1, "role", 2)));
  CHECK(share_keys(x, value::map({{"shard", 1}, {"role", 2}})));
  CHECK(share_keys(x, decode(encoded_form(x).data, {}).value()));
  CHECK(share_keys(x, from_json(R"({"shard": 8, "role": "worker"})").value()));
  CHECK(share_keys(x, to_value(assignment{"worker", 9})));
  CHECK_FALSE(share_keys(x, object("role", "worker")));
  CHECK_FALSE(share_keys(x, object("role", "worker", "shards", 7)));
  const auto long_keys = object("a key that is stored on the heap", 1);
  CHECK(share_keys(long_keys, object("a key that is stored on the heap", 2)));
  CHECK_FALSE(share_keys(long_keys, object("a key that is stored on the HEAP", 2)));
}

TEST_CASE("a map whose keys are shared takes 24 bytes and 16 for each pair") {
  constexpr std::size_t count = 1000;
  std::vector<value> maps(count);
  const auto first = object("role", "worker", "shard", 0);
  const auto before = allocated_bytes();
  for (std::size_t i = 0; i < count; ++i)
    maps[i] = object("role", "worker", "shard", i);
  const auto after = allocated_bytes(); // before Catch2 allocates
  constexpr auto expected = count * (24 + 2 * 16);
  CHECK(after - before >= expected);
  CHECK(after - before <= expected + expected / 20); // `malloc` may give some blocks a little more than they need
}

TEST_CASE("a thread remembers a bounded number of keys") {
  const auto x = object("first", 1);
  make_many_shapes();
  const auto before = allocated_bytes();
  make_many_shapes();
  const auto after = allocated_bytes();
  CHECK(after == before);
  const auto again = object("first", 1);
  CHECK_FALSE(share_keys(x, again));
  CHECK(identical(x, again));
  CHECK(x.hash() == again.hash());
  CHECK(x == again);
}

TEST_CASE("large sets of keys are not remembered") {
  std::vector<std::pair<std::string, value>> pairs;
  for (int i = 0; i < 1000; ++i)
    pairs.emplace_back("key " + std::to_string(i), i);
  const auto x = value::map(pairs);
  CHECK_FALSE(share_keys(x, value::map(pairs)));
  CHECK(identical(x, value::map(pairs)));
  const std::string text(100'000, 'x');
  CHECK_FALSE(share_keys(object(text, 1), object(text, 1)));
  const auto before = allocated_bytes();
  const bool found = object(text + "y", 1).find(text + "y") != nullptr;
  const auto after = allocated_bytes();
  CHECK(found);
  CHECK(after == before);
}

TEST_CASE("maps outlive the thread that made them, and a thread leaves nothing behind") {
  const auto before = allocated_bytes();
  int failures = 0;
  for (int i = 0; i < 20; ++i) {
    const auto strange = elsewhere([] {
      make_many_shapes();
      return object("role", "worker", "shard", 7);
    });
    const auto own = object("role", "worker", "shard", 7);
    if (share_keys(own, strange) || !identical(own, strange) || (own <=> strange) != 0)
      ++failures;
  }
  // Maps made by this thread may stay remembered.
  const auto after = allocated_bytes();
  CHECK(failures == 0);
  CHECK(after < before + 1024);
}

TEST_CASE("keys from other threads remain shared, and are freed with the last map") {
  make_many_shapes(); // these stay remembered
  const auto before = allocated_bytes();
  {
    auto strange = elsewhere([] { return list(object("from", 1), object("from", 2)); });
    CHECK(share_keys(strange.as_list()[0], strange.as_list()[1]));
    auto one = strange.as_list()[0];
    const auto other = strange.as_list()[1];
    strange = nullptr;
    CHECK(share_keys(one, other));
    one = nullptr;
    CHECK(identical(other, object("from", 2)));
    make_many_shapes(); // so that the keys of this thread's own map are forgotten
    CHECK(identical(other, object("from", 2)));
  }
  make_many_shapes();
  const auto after = allocated_bytes();
  CHECK(after == before);
}

TEST_CASE("a thread may drop any number of maps that another one has made") {
  make_many_shapes(); // these stay remembered
  const auto before = allocated_bytes();
  {
    const auto last = elsewhere([] { return object("many", "of these", "dropped", "here"); });
    for (int i = 0; i < 20; ++i) {
      const auto maps = elsewhere([] {
        std::vector<value> out;
        for (int k = 0; k < 1000; ++k)
          out.push_back(object("many", k, "dropped", "here"));
        return out;
      });
      CHECK(maps.size() == 1000);
    }
    CHECK(identical(last, object("dropped", "here", "many", "of these")));
  }
  make_many_shapes(); // so that these keys are forgotten
  CHECK(allocated_bytes() < before + 1024);
}

TEST_CASE("maps can be made and dropped while a thread ends") {
  for (int i = 0; i < 10; ++i)
    std::thread([] {
      const auto& early = before_the_first_map; // destroyed after the thread's memory of lists, or before
      CHECK(early.kept.find("since") != nullptr);
      static thread_local late_maker after_the_first_map;
      CHECK(identical(after_the_first_map.kept, early.kept));
    }).join();
  CHECK(identical(at_program_end.kept, object("since", "the beginning", "kept", 1)));
}

TEST_CASE("threads make, exchange and drop maps of the same keys") {
  constexpr int rounds = 2000;
  std::vector<value> here(100);
  std::vector<value> there(100);
  const auto work = [](std::vector<value>& maps, int base) {
    for (int i = 0; i < rounds; ++i) {
      auto& x = maps[static_cast<std::size_t>(i) % maps.size()];
      x = object("role", base + i, "shard", i);
      if (*x.find("role")->as_integer() != base + i)
        std::abort();
    }
  };
  for (int exchange = 0; exchange < 5; ++exchange) {
    std::thread other([&] { work(there, 1'000'000); });
    work(here, 0);
    other.join();
    std::swap_ranges(here.begin(), here.begin() + 50, there.begin());
  }
  CHECK(std::all_of(here.begin(), here.end(), [](const value& x) { return x.as_map().size() == 2; }));
}

TEST_CASE("a map that cannot be made for want of memory leaves nothing behind") {
  make_many_shapes(); // so that only leaks can stay
  const auto before = allocated_bytes();
  int failures = 0;
  for (std::size_t successes = 0; successes < 4; ++successes) {
    make_many_shapes();
    const testing::scarce_memory scarce(successes);
    try {
      const auto x = object("a key that needs memory of its own", 1, "scarce", 2);
    } catch (const std::bad_alloc&) {
      ++failures;
    }
  }
  make_many_shapes();
  const auto after = allocated_bytes();
  CHECK(failures == 3); // the long key, the list of keys, the map
  CHECK(after == before);
}

TEST_CASE("random maps behave like std::map, wherever they were made") {
  std::mt19937_64 random{testing::seed()};
  using model = std::map<std::string, value>;
  const auto random_model = [&] {
    model out;
    for (auto n = random_below(random, 6); n > 0; --n)
      out.insert_or_assign(testing::random_text(random, true), random_value(random, {.depth = 1, .width = 2}));
    return out;
  };
  const auto shuffled = [&](const model& from) {
    std::vector<std::pair<std::string, value>> pairs(from.begin(), from.end());
    for (std::size_t i = 1; i < pairs.size(); ++i)
      std::swap(pairs[i], pairs[random_below(random, i + 1)]);
    return pairs;
  };
  for (std::uint64_t round = 0; round < testing::repetitions(300); ++round) {
    std::vector<model> models;
    for (int i = 0; i < 4; ++i) {
      models.push_back(random_model());
      models.push_back(models.back());
      if (!models.back().empty() && random_below(random, 2) == 0)
        models.back().begin()->second = random_value(random, {.depth = 0});
    }
    std::vector<value> own;
    for (const auto& m : models)
      own.push_back(value::map(shuffled(m)));
    const auto strange = elsewhere([&] {
      std::vector<value> out;
      for (const auto& m : models)
        out.push_back(value::map(shuffled(m)));
      return out;
    });
    CAPTURE(round);
    for (std::size_t i = 0; i < models.size(); ++i) {
      CAPTURE(to_string(own[i]));
      const auto pairs = own[i].as_map();
      REQUIRE(std::equal(pairs.begin(), pairs.end(), models[i].begin(), models[i].end(), [](const auto& a, const auto& b) {
        return identical(a.key, std::string_view{b.first}) && identical(a.mapped, b.second);
      }));
      for (const auto& [key, mapped] : models[i])
        REQUIRE(identical(*strange[i].find(key), mapped));
      REQUIRE(strange[i].find("no key of any map") == nullptr);
      REQUIRE(identical(own[i], strange[i]));
      REQUIRE(own[i].hash() == strange[i].hash());
      REQUIRE(own[i].depth() == strange[i].depth());
      REQUIRE(encoded_form(own[i]).data == encoded_form(strange[i]).data);
      REQUIRE(identical(decode(encoded_form(strange[i]).data, {}).value(), own[i]));
      for (std::size_t k = 0; k < models.size(); ++k) {
        REQUIRE(identical(own[i], strange[k]) == (encoded_form(own[i]).data == encoded_form(own[k]).data));
        REQUIRE((own[i] <=> strange[k]) == (own[i] <=> own[k]));
        REQUIRE((strange[k] <=> own[i]) == (0 <=> (own[i] <=> own[k])));
      }
    }
  }
}

TEST_CASE("the pairs of a map are a random-access range") {
  STATIC_REQUIRE(std::random_access_iterator<map_iterator>);
  STATIC_REQUIRE(std::ranges::random_access_range<map_view>);
  STATIC_REQUIRE(std::ranges::sized_range<map_view>);
  const auto x = object("a", 1, "b", 2, "c", 3);
  const auto pairs = x.as_map();
  std::string text;
  for (const auto& [key, mapped] : pairs)
    text += to_string(key) + to_string(mapped);
  CHECK(text == R"("a"1"b"2"c"3)");
  CHECK(pairs.end() - pairs.begin() == 3);
  CHECK(identical(pairs[2].key, "c"));
  CHECK(identical(pairs.front().mapped, 1));
  CHECK(identical((pairs.end() - 1)->mapped, 3));
  auto walking = pairs.begin();
  CHECK(identical((++walking)->key, "b"));
  CHECK(identical((*walking++).key, "b"));
  CHECK(identical((*walking--).key, "c"));
  CHECK(identical((1 + walking)[-1].key, "b"));
  CHECK(walking < pairs.end());
  const auto found = std::ranges::find_if(pairs, [](const map_pair& pair) { return identical(pair.mapped, 2); });
  REQUIRE(found != pairs.end());
  CHECK(identical(found->key, "b"));
  CHECK(identical(pairs.keys()[2], "c"));
  CHECK(identical(pairs.mapped()[1], 2));
  CHECK(object().as_map().begin() == object().as_map().end());
}
