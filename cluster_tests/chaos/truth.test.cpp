#include <chaos/truth.hpp>

#include <support/catch.hpp>

using cluster_tests::chaos::difference_of;
using cluster_tests::chaos::truth;
using registry::object;

TEST_CASE("the truth of chaos has what the acknowledged operations leave", "[chaos]") {
  truth known{2};
  known.start(0, "a");
  known.start(1, "b");
  known.join(0, "rooms", "k", 0, 100, object("n", 1));
  known.join(0, "rooms", "k", 1, 101, object("n", 2));
  known.join(0, "rooms", "k", 0, 100, object("n", 3));
  known.join(1, "rooms", "k", 0, 200, object("n", 4));
  known.join(0, "names", "k", 0, 100, object("n", 5));
  CHECK(known.lines("rooms").size() == 4);
  CHECK(known.lines("names").size() == 1);
  CHECK(known.holds(0, "names", "k"));
  CHECK_FALSE(known.holds(1, "names", "k"));
  const auto before = known.lines("rooms");

  known.leave(0, "rooms", "k", 0); // the later one
  known.join(0, "rooms", "k", 0, 100, object("n", 3));
  CHECK(known.lines("rooms") == before);
  known.update(0, "rooms", "k", 0, object("n", 6));
  CHECK_FALSE(difference_of(before, known.lines("rooms")).empty());
  CHECK(known.lines("rooms").size() == 4);

  known.end_member(0, 0);
  CHECK(known.lines("rooms").size() == 2);
  CHECK(known.lines("names").empty());
  CHECK(known.at(0).uncertain.contains("k"));
  known.settle();
  CHECK(known.at(0).uncertain.empty());
  known.end(1);
  CHECK(known.lines("rooms").size() == 1);
}

TEST_CASE("the oracle of chaos says what a node lacks and what it has too much", "[chaos]") {
  CHECK(difference_of({"a", "b"}, {"a", "b"}).empty());
  CHECK(difference_of({"a", "b"}, {"b", "c"}) == "  missing: a\n  superfluous: c\n");
  CHECK(difference_of({"a", "a"}, {"a"}) == "  missing: a\n");
}
