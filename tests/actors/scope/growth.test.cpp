#include <registry/internal/step_count.hpp>
#include <registry/scope/internal/observers.hpp>
#include <registry/scope/internal/scope_state.hpp>

#include <support/fake_member.hpp>
#include <support/fixture.hpp>

#include <support/catch.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

// How work grows with unrelated content, in steps, which debug builds count.
#ifdef REGISTRY_COUNT_STEPS

namespace registry {

namespace {

using internal::steps;

template <class Work>
std::size_t steps_of(Work work) {
  const auto before = steps;
  work();
  return steps - before;
}

/// One node, where a member has three entries under a key and another one this many.
struct crowded_node : testing::one_node {
  explicit crowded_node(std::size_t others) {
    const std::vector<member> half(others / 2, spawn_idle());
    REQUIRE(rooms.join("crowd", half, "of another"));
    for (const auto data : {1, 2, 3})
      REQUIRE(rooms.join("crowd", ann, data));
    REQUIRE(rooms.join("crowd", half, "of another"));
  }
  member ann = spawn_idle();
};

struct operation {
  const char* name;
  std::function<void(crowded_node&)> run;
};

const operation operations[] = {
    {"update_value", [](crowded_node& n) { CHECK(n.rooms.update_value("crowd", n.ann, 7)); }},
    {"update_value with a function",
     [](crowded_node& n) { CHECK(n.rooms.update_value("crowd", n.ann, [](const value&) { return value{7}; })); }},
    {"unregister_match", [](crowded_node& n) { CHECK(n.rooms.unregister_match("crowd", n.ann, "2").value() == 1); }},
    {"values", [](crowded_node& n) { CHECK(n.rooms.values("crowd", n.ann).size() == 3); }},
    {"leave", [](crowded_node& n) { CHECK(n.rooms.leave("crowd", n.ann)); }},
    {"leave_all", [](crowded_node& n) { CHECK(n.rooms.leave_all(n.ann).value() == 3); }},
};

} // namespace

TEST_CASE("operations on one member do not slow down with the others under its key", "[growth]") {
  for (const auto& x : operations) {
    crowded_node few(100);
    crowded_node many(20'000);
    const auto little = steps_of([&] { x.run(few); });
    const auto much = steps_of([&] { x.run(many); });
    CAPTURE(x.name, little, much);
    CHECK(much <= little + 8);
  }
}

TEST_CASE("replacing a scope's actor takes the same steps however many entries its members have", "[growth]") {
  const auto work = [](std::size_t entries) {
    crowded_node n(entries);
    const auto again = n.rooms.actor();
    return steps_of([&] { n.rooms.state()->attach_actor(again); });
  };
  CHECK(work(20'000) == work(100));
}

TEST_CASE("ending a subscription or a subscriber takes the same steps however many others there are", "[growth]") {
  const value key{"watched"};
  const auto work = [&](std::uint64_t subscribers, bool of_one_key) {
    observers all;
    std::vector<member> who;
    for (std::uint64_t i = 0; i < subscribers; ++i) {
      who.push_back(testing::make_member(i));
      for (const auto number : {2 * i, 2 * i + 1})
        all.add(std::make_shared<subscription_queue>(subscription_ref{number},
                                                     of_one_key ? std::optional{key} : std::nullopt, who.back(), 1, 0,
                                                     std::weak_ptr<scope_state>{}),
                true);
    }
    return steps_of([&] {
      CHECK(all.remove({subscribers / 2}) != nullptr);
      all.remove_subscriber(who[subscribers / 3]);
      CHECK(!all.has_subscriber(who[subscribers / 3]));
    });
  };
  for (const auto of_one_key : {true, false}) {
    const auto little = work(100, of_one_key);
    CHECK(little > 0);
    CHECK(work(10'000, of_one_key) == little);
  }
}

} // namespace registry

#endif
