#include <libregistry/replica/cluster.hpp>

#include <registry/wire/internal/codec.hpp>

#include <support/catch.hpp>

#include <variant>

namespace registry {

namespace {

using frames = std::vector<replica::outgoing>;

void give(const frames& what, const testing::replica_node& from, testing::replica_node& to) {
  for (const auto& one : what)
    REQUIRE(to.r.receive(from.name(), one.what));
  to.drain();
}

} // namespace

TEST_CASE("an answer that its sender has since forgotten is ignored", "[replica]") {
  testing::replica_cluster c;
  auto& a = c.open(1);
  auto& b = c.open(2);
  b.join("k", 1, 10);
  b.drain();
  a.r.peer_up(b.name());
  b.r.peer_up(a.name());
  give(a.r.take_outgoing(), a, b);
  const auto late = b.r.take_outgoing();

  b.r.peer_down(a.name(), reason::node_down);
  b.r.peer_up(a.name());
  give(b.r.take_outgoing(), b, a);
  b.leave("k", 1);
  b.join("l", 1, 20);
  b.drain();
  give(a.r.take_outgoing(), a, b);
  give(b.r.take_outgoing(), b, a);
  REQUIRE(a.content() == b.content());

  give(late, b, a);
  CHECK(a.content() == b.content());
  CHECK(a.content() == a.folded());
}

// No connection does that, so its sender is broken or hostile.
TEST_CASE("a part of the present answer that comes twice is refused", "[replica]") {
  testing::replica_cluster c;
  auto& a = c.open(1);
  auto& b = c.open(2);
  b.join("k", 1, 10);
  b.drain();
  a.r.peer_up(b.name());
  b.r.peer_up(a.name());
  give(a.r.take_outgoing(), a, b);
  int chunks = 0;
  for (const auto& one : b.r.take_outgoing()) {
    REQUIRE(a.r.receive(b.name(), one.what));
    if (!std::holds_alternative<snapshot_chunk_message>(decode_frame(one.what).value().what))
      continue;
    ++chunks;
    const auto again = a.r.receive(b.name(), one.what);
    REQUIRE_FALSE(again);
    CHECK(again.error() == errc::malformed);
  }
  CHECK(chunks == 1);
}

TEST_CASE("a farewell from before the peer was forgotten has no effect", "[replica]") {
  testing::replica_cluster c;
  c.open(1);
  c.open(2);
  c.connect(1, 2);
  c.settle();
  c.hold(2, 1, true);
  c.close(2);
  c.disconnect(1, 2); // the farewell is lost with the link
  const auto late = c.lost;
  REQUIRE(late.size() == 1);
  auto& a = c[1];
  auto& b = c.open(2);
  b.join("k", 1, 10);
  a.join("k", 2, 20);
  c.hold(2, 1, false);
  c.connect(1, 2);

  const bool between = GENERATE(true, false);
  CAPTURE(between);
  if (!between)
    c.settle();
  a.r.peer_down(b.name(), reason::node_down);
  a.r.peer_up(b.name());
  for (const auto& [way, x] : late)
    REQUIRE(a.r.receive(b.name(), x));
  c.settle();
  CHECK(c.converged());
  // The stream to the peer must continue, too.
  a.join("l", 2, 30);
  c.settle();
  CHECK(c.converged());
}

TEST_CASE("a request in another key mode from before the peer was forgotten has no effect", "[replica]") {
  testing::replica_cluster c;
  auto& a = c.open(1);
  auto& b = c.open(2, key_mode::unique);
  b.r.peer_up(a.name());
  const auto late = b.r.take_outgoing();
  auto& again = c.open(2);
  again.join("k", 1, 10);
  c.connect(1, 2);
  c.settle();

  a.r.peer_down(again.name(), reason::node_down);
  a.r.peer_up(again.name());
  give(late, again, a);
  c.pass(15);
  CHECK(c.converged());
  a.join("l", 2, 30);
  c.settle();
  CHECK(c.converged());
}

TEST_CASE("a replica knows how far its peers have got", "[replica]") {
  testing::replica_cluster c;
  auto& a = c.open(1);
  auto& b = c.open(2);
  CHECK(a.r.acknowledged(a.r.last_commit()));
  c.connect(1, 2);
  CHECK_FALSE(a.r.in_sync());
  c.settle();
  CHECK(a.r.in_sync());
  c.hold(1, 2, true);
  a.join("k", 1, 10);
  a.drain();
  CHECK_FALSE(a.r.acknowledged(a.r.last_commit()));
  c.hold(1, 2, false);
  a.r.request_acknowledgements();
  c.settle();
  CHECK(a.r.acknowledged(a.r.last_commit()));
  // Changes of other nodes need no acknowledgement, but have a number, too.
  b.join("k", 2, 20);
  c.settle();
  a.r.request_acknowledgements();
  c.settle();
  CHECK(a.r.acknowledged(a.r.last_commit()));
}

TEST_CASE("a replica knows whether the changes of a peer up to a place are here, or will not come", "[replica]") {
  auto bounds = testing::small_bounds();
  bounds.immediate_entries = 100;
  testing::replica_cluster c{bounds};
  auto& a = c.open(1);
  auto& b = c.open(2);
  const auto name = a.name();
  CHECK(b.r.has_reached(name, {1, 1}));
  testing::join_many(a, 500);
  a.drain();
  c.connect(1, 2);
  const auto first = a.r.place();
  CHECK_FALSE(b.r.has_reached(name, first));
  // Not before all of a snapshot is visible.
  while (!b.r.has_reached(name, first))
    REQUIRE(c.step());
  CHECK(b.content(name).size() == 500);
  c.settle();
  b.join("k", 2, 20);
  c.settle();
  CHECK(a.r.place() == first); // the changes of others have no place in its stream
  c.hold(1, 2, true);
  a.join("k", 1000, 10);
  c.settle();
  const auto second = a.r.place();
  CHECK(second > first);
  CHECK(b.r.has_reached(name, first));
  CHECK_FALSE(b.r.has_reached(name, second));
  c.hold(1, 2, false);
  c.settle();
  CHECK(b.r.has_reached(name, second));
  // What is over is not waited for, and what has begun anew is.
  c.close(1);
  c.settle();
  CHECK(b.r.has_reached(name, {second.epoch, second.commit + 1}));
  auto& again = c.open(1);
  again.join("k", 1, 10);
  again.drain();
  c.settle();
  CHECK(b.r.has_reached(name, again.r.place()));
  CHECK(b.r.has_reached(name, {second.epoch, second.commit + 1}));
  CHECK_FALSE(b.r.has_reached(name, {again.r.place().epoch, again.r.place().commit + 1}));
}

TEST_CASE("nobody waits for a peer that has not opened the scope", "[replica]") {
  testing::replica_cluster c;
  auto& a = c.open(1);
  const incarnation elsewhere{9, 9};
  a.r.peer_up(elsewhere);
  CHECK_FALSE(a.r.in_sync());
  for (const auto& one : a.r.take_outgoing()) {
    if (const auto answer = answer_without_scope(one.what))
      REQUIRE(a.r.receive(elsewhere, *answer));
  }
  CHECK(a.r.in_sync());
  CHECK(a.r.acknowledged(a.r.last_commit()));
}

} // namespace registry
