#include <registry/scope/internal/held_messages.hpp>

#include <support/catch.hpp>

#include <map>
#include <string>
#include <utility>

namespace registry {

namespace {

constexpr incarnation one_sender{1, 0};
constexpr incarnation other_sender{2, 0};

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
  x.add(one_sender, 1, 'a');
  x.add(one_sender, 3, 'b');
  x.add(one_sender, 2, 'c'); // its changes are not awaited, those of the one before are
  x.add(other_sender, 5, 'd');
  CHECK(x.take().empty());
  CHECK(x.held.holds(one_sender));
  x.here[one_sender] = 2;
  CHECK(x.take() == "a");
  x.here[other_sender] = 9;
  CHECK(x.take() == "d");
  CHECK_FALSE(x.held.holds(other_sender));
  x.here[one_sender] = 3;
  CHECK(x.take() == "bc");
  CHECK_FALSE(x.held.holds(one_sender));
  x.add(one_sender, 3, 'e');
  CHECK(x.take() == "e");
}

TEST_CASE("messages that wait for a node that is lost are dropped, those of others not", "[dispatch]") {
  mailbox x;
  x.add(one_sender, 1, 'a');
  x.add(other_sender, 1, 'b');
  x.held.drop(one_sender);
  x.here = {{one_sender, 1}, {other_sender, 1}};
  CHECK(x.take() == "b");
}

TEST_CASE("a message that is released during a delivery follows it", "[dispatch]") {
  mailbox x;
  x.here[one_sender] = 9;
  x.held.add(one_sender, {1, 1}, [&] {
    x.add(one_sender, 2, 'b');
    CHECK(x.held.release([](const auto&, const auto&) { return true; }));
    x.held.deliver();
    CHECK(x.delivered.empty());
    x.delivered += 'a';
  });
  CHECK(x.take() == "ab");
}

} // namespace registry
