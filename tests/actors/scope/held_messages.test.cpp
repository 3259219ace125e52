#include <registry/scope/internal/held_messages.hpp>

#include <support/catch.hpp>

#include <map>
#include <string>
#include <utility>

namespace registry {

namespace {

constexpr incarnation ann{1, 0};
constexpr incarnation bob{2, 0};

struct mailbox {
  void add(const incarnation& from, std::uint64_t commit, char what) {
    held.add(from, {1, commit}, [this, what] { delivered += what; });
  }
  /// What arrives when the changes of both have got there.
  std::string take() {
    if (held.release([&](const incarnation& from, const stream_place& place) { return place.commit <= here[from]; }))
      held.deliver();
    return std::exchange(delivered, {});
  }

  held_messages held;
  std::map<incarnation, std::uint64_t> here;
  std::string delivered;
};

} // namespace

TEST_CASE("messages wait for the changes before them, and keep their order", "[dispatch]") {
  mailbox x;
  x.add(ann, 1, 'a');
  x.add(ann, 3, 'b');
  x.add(ann, 2, 'c'); // its changes are not awaited, those of the one before are
  x.add(bob, 5, 'd');
  CHECK(x.take().empty());
  CHECK(x.held.holds(ann));
  x.here[ann] = 2;
  CHECK(x.take() == "a");
  x.here[bob] = 9;
  CHECK(x.take() == "d");
  CHECK_FALSE(x.held.holds(bob));
  x.here[ann] = 3;
  CHECK(x.take() == "bc");
  CHECK_FALSE(x.held.holds(ann));
  x.add(ann, 3, 'e');
  CHECK(x.take() == "e");
}

TEST_CASE("messages that wait for a node that is lost are dropped, those of others not", "[dispatch]") {
  mailbox x;
  x.add(ann, 1, 'a');
  x.add(bob, 1, 'b');
  x.held.drop(ann);
  x.here = {{ann, 1}, {bob, 1}};
  CHECK(x.take() == "b");
}

TEST_CASE("a message that is released during a delivery follows it", "[dispatch]") {
  mailbox x;
  x.here[ann] = 9;
  x.held.add(ann, {1, 1}, [&] {
    x.add(ann, 2, 'b');
    CHECK(x.held.release([](const auto&, const auto&) { return true; }));
    x.held.deliver();
    CHECK(x.delivered.empty());
    x.delivered += 'a';
  });
  CHECK(x.take() == "ab");
}

} // namespace registry
