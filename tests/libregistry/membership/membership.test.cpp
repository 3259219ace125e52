#include <libregistry/membership/membership_fixture.hpp>

#include <support/catch.hpp>

#include <set>
#include <string>

using namespace registry;
using namespace registry::testing::one_member;
using namespace std::chrono_literals;
using state = membership::peer_state;

TEST_CASE_METHOD(fixture, "a linked node becomes a peer and gets heartbeats") {
  accept(7, greater);
  CHECK(all<action::peer_up>().size() == 1);
  REQUIRE(all<action::use_link>().size() == 1);
  CHECK(all<action::use_link>()[0].link == 7);
  run_until(2050ms);
  CHECK(all<action::send_heartbeats>().size() == 4);
  CHECK(all<action::dial>().empty());
}

TEST_CASE_METHOD(fixture, "a node is called by its name, its address and the beginning of its incarnation") {
  constexpr incarnation who{0x1a2b3c4d5e6f7081, 1};
  link_info peer{who, {"10.0.0.2", 4700}, who, 1};
  peer.peer_name = "orders-1";
  link_up(node, 7, peer, now);
  CHECK(node.name_of(who) == "orders-1");
  CHECK(node.label_of(who) == "orders-1 at 10.0.0.2:4700 (1a2b3c4d)");
  link_up(node, 8, {who, {"::1", 4700}, who, 2}, now);
  CHECK(node.name_of(who).empty());
  CHECK(node.label_of(who) == "[::1]:4700 (1a2b3c4d)");
  CHECK(node.name_of(smaller).empty());
}

TEST_CASE("the name of a node has no characters that could deceive the reader of a log") {
  CHECK(is_node_name("Orders_1.eu:4700@dc/7-b"));
  CHECK(is_node_name(std::string(max_node_name, 'x')));
  CHECK_FALSE(is_node_name(""));
  CHECK_FALSE(is_node_name(std::string(max_node_name + 1, 'x')));
  for (const auto* name : {"a b", "a\nb", "a(b)", "a\"b", "a'b", "a,b", "caf\xc3\xa9", "\x7f", "[a]"})
    CHECK_FALSE(is_node_name(name));
}

TEST_CASE_METHOD(fixture, "a silent peer is suspected after 2 s and down after 8 s") {
  accept(7, greater);
  run_until(2s);
  CHECK(all<action::peer_suspect>().empty());
  run_until(2050ms);
  CHECK(all<action::peer_suspect>().size() == 1);
  run_until(8s);
  CHECK(all<action::peer_down>().empty());
  CHECK(node.state_of(greater) == state::suspect);
  CHECK(all<action::lose_link>().empty());
  run_until(8050ms);
  REQUIRE(all<action::peer_down>().size() == 1);
  CHECK(all<action::peer_down>()[0].why == down_reason::lost);
  CHECK(all<action::close>().size() == 1);
  CHECK(node.link_of(greater) == 0);
}

TEST_CASE_METHOD(fixture, "the loss of a link is reported, also of a peer that was silent before") {
  const bool silent = GENERATE(false, true);
  accept(7, greater);
  run_until(silent ? 3s : 1s);
  CHECK(all<action::peer_suspect>().size() == (silent ? 1 : 0));
  node.link_down(7, link_end::closed, now);
  take();
  CHECK(all<action::peer_suspect>().size() == (silent ? 0 : 1));
  REQUIRE(all<action::lose_link>().size() == 1);
  CHECK(all<action::lose_link>()[0].peer == greater);
}

TEST_CASE_METHOD(fixture, "links are quiet after a heartbeat's time without a sign of life, also those of suspects") {
  accept(7, greater);
  accept(8, smaller, {"elsewhere", 1});
  CHECK(node.quiet_links(500ms).empty());
  CHECK(node.quiet_links(501ms).size() == 2);
  node.heard(8, 400ms);
  CHECK(node.quiet_links(501ms) == std::vector<link_id>{7});
  run_until(3s);
  CHECK(node.state_of(greater) == state::suspect);
  CHECK(node.quiet_links(now).size() == 2);
}

TEST_CASE_METHOD(fixture, "a suspect that shows a sign of life is alive again") {
  accept(7, greater);
  run_until(5s);
  hear(7);
  CHECK(all<action::peer_alive_again>().size() == 1);
  CHECK(all<action::use_link>().empty());
  CHECK(node.state_of(greater) == state::alive);
  run_until(12s);
  CHECK(node.state_of(greater) == state::suspect);
}

TEST_CASE_METHOD(fixture, "a starved node does not take its own lateness for silence of others") {
  accept(7, greater);
  run_until(1s);
  now += 60s;
  run_until(now + 900ms);
  CHECK(all<action::peer_suspect>().empty());
  run_until(now + 1500ms);
  CHECK(all<action::peer_suspect>().size() == 1);
  CHECK(all<action::peer_down>().empty());
}

TEST_CASE_METHOD(fixture, "a peer that closes and refuses the dial is down at once") {
  accept(7, greater);
  node.dial_failed(there, dial_failure::unreachable, 0s); // the initial dial
  run_until(1s);
  node.link_down(7, link_end::closed, now);
  take();
  CHECK(all<action::peer_suspect>().size() == 1);
  REQUIRE(all<action::dial>().size() == 1);
  node.dial_failed(there, dial_failure::refused, now);
  take();
  REQUIRE(all<action::peer_down>().size() == 1);
  CHECK(all<action::peer_down>()[0].why == down_reason::refused);
}

TEST_CASE_METHOD(fixture, "a peer that closes and cannot be reached is waited for") {
  accept(7, greater);
  node.dial_failed(there, dial_failure::unreachable, 0s);
  run_until(1s);
  node.link_down(7, link_end::closed, now);
  node.dial_failed(there, dial_failure::unreachable, now);
  run_until(7s);
  CHECK(all<action::peer_down>().empty());
  accept(8, greater, there, 2);
  CHECK(all<action::peer_up>().empty());
  CHECK(all<action::use_link>().size() == 1);
  CHECK(all<action::peer_alive_again>().size() == 1);
}

TEST_CASE_METHOD(fixture, "another incarnation at an address puts the previous one down") {
  accept(7, greater);
  node.dial_failed(there, dial_failure::unreachable, 0s);
  run_until(1s);
  node.link_down(7, link_end::closed, now);
  take();
  REQUIRE(all<action::dial>().size() == 1);
  const auto number = all<action::dial>()[0].number;
  link_up(node, 8, {smaller, there, me, number}, now);
  take();
  REQUIRE(all<action::peer_down>().size() == 1);
  CHECK(all<action::peer_down>()[0].peer == greater);
  CHECK(all<action::peer_down>()[0].why == down_reason::replaced);
  CHECK(all<action::peer_up>().size() == 1);
}

TEST_CASE_METHOD(fixture, "a peer whose loss is noticed after its successor has come is down at once") {
  accept(7, greater);
  accept(8, smaller);
  CHECK(node.state_of(greater) == state::alive);
  node.link_down(7, link_end::closed, now);
  take();
  REQUIRE(all<action::peer_down>().size() == 1);
  CHECK(all<action::peer_down>()[0].peer == greater);
  CHECK(all<action::peer_down>()[0].why == down_reason::replaced);
  CHECK(all<action::peer_suspect>().empty());
  CHECK(node.state_of(smaller) == state::alive);
  CHECK(node.present().size() == 1);
}

TEST_CASE_METHOD(fixture, "a peer that leaves is drained at once and never comes back") {
  accept(7, greater);
  hear(7, {true, {}});
  REQUIRE(all<action::peer_down>().size() == 1);
  CHECK(all<action::peer_down>()[0].why == down_reason::drained);
  accept(8, greater, there, 2);
  CHECK(all<action::peer_up>().empty());
  CHECK(all<action::close>().size() == 1);
}

TEST_CASE_METHOD(fixture, "a leaving node says goodbye on every link, and refuses others") {
  accept(7, greater);
  node.leave();
  take();
  REQUIRE(all<action::send_heartbeats>().size() == 1);
  CHECK(all<action::send_heartbeats>()[0].content.leaving);
  accept(8, smaller);
  REQUIRE(all<action::close>().size() == 1);
  CHECK(all<action::close>()[0].link == 8);
  run_until(1min);
  CHECK(actions.empty());
}

TEST_CASE_METHOD(fixture, "a link is told of, used and passed on once it is complete") {
  take();
  begin_link(7, greater);
  CHECK(actions.empty());
  CHECK(node.present().empty());
  run_until(1s);
  CHECK(all<action::send_heartbeats>().empty());
  complete(7);
  CHECK(all<action::peer_up>().size() == 1);
  CHECK(all<action::use_link>().size() == 1);
  complete(7);
  CHECK(actions.empty());
}

TEST_CASE_METHOD(fixture, "nothing is said of a peer whose link ends before it is complete") {
  begin_link(7, greater);
  SECTION("since the connection ends") {
    node.link_down(7, link_end::failed, now);
    take();
    CHECK(actions.empty());
    node.dial_failed(there, dial_failure::refused, now);
    take();
    CHECK(actions.empty());
  }
  SECTION("since the peer says goodbye, and then it does not come back") {
    take();
    hear(7, {true, {}});
    REQUIRE(actions.size() == 1);
    CHECK(all<action::close>()[0].link == 7);
    CHECK(node.state_of(greater) == state::left);
  }
  CHECK(node.link_of(greater) == 0);
  run_until(1min);
  CHECK(all<action::peer_up>().empty());
  CHECK(all<action::peer_suspect>().empty());
  CHECK(all<action::peer_down>().empty());
}

TEST_CASE_METHOD(fixture, "links that end again and again before they are complete are told of, with the reason") {
  const auto fail = [&](link_id link) {
    begin_link(link, greater, link);
    node.link_down(link, link_end::failed, now, "it does not answer");
    take();
    return all<action::warn>().size();
  };
  CHECK(fail(1) == 0);
  CHECK(fail(2) == 0);
  REQUIRE(fail(3) == 1);
  CHECK(all<action::warn>()[0].text ==
        "the links with node there:1 (00000000) end before they are complete: it does not answer");
  CHECK(fail(4) == 0);
  accept(5, greater, there, 5);
  node.link_down(5, link_end::closed, now);
  CHECK(fail(6) == 0);
  CHECK(fail(7) == 0);
  CHECK(fail(8) == 1);
}

TEST_CASE_METHOD(fixture, "a peer is suspect if the link in place of its last one ends before it is complete") {
  accept(7, greater);
  begin_link(8, greater, 2);
  REQUIRE(actions.size() == 1);
  CHECK(all<action::close>()[0].link == 7);
  node.link_down(8, link_end::failed, now);
  take();
  CHECK(all<action::peer_suspect>().size() == 1);
  CHECK(all<action::lose_link>().size() == 1);
  // Once more, it is no news.
  begin_link(9, greater, 3);
  node.link_down(9, link_end::failed, now);
  take();
  CHECK(all<action::peer_suspect>().empty());
  CHECK(all<action::lose_link>().empty());
  accept(10, greater, there, 4);
  CHECK(all<action::use_link>().size() == 1);
  CHECK(all<action::peer_alive_again>().size() == 1);
}

TEST_CASE_METHOD(fixture, "a leaving node completes the links that have begun, and says goodbye on each") {
  accept(6, smaller, {"elsewhere", 1});
  begin_link(7, greater);
  node.leave();
  take();
  REQUIRE(all<action::send_heartbeats>().size() == 1);
  CHECK(all<action::send_heartbeats>()[0].links == std::vector<link_id>{6});
  complete(7);
  REQUIRE(all<action::send_heartbeats>().size() == 1);
  CHECK(all<action::send_heartbeats>()[0].links == std::vector<link_id>{7});
  CHECK(all<action::send_heartbeats>()[0].content.leaving);
  CHECK(actions.size() == 1);
  // Who has seen it gets another link for that.
  accept(8, smaller, {"elsewhere", 1}, 2);
  CHECK(all<action::close>().size() == 1);
  CHECK(all<action::send_heartbeats>().size() == 1);
}

TEST_CASE_METHOD(fixture, "of two nodes that leave at a time each hangs up when the other has said goodbye") {
  accept(7, greater);
  node.leave();
  hear(7);
  CHECK(all<action::close>().empty());
  hear(7, {true, {}});
  REQUIRE(all<action::close>().size() == 1);
  CHECK(all<action::close>()[0].link == 7);
  CHECK(all<action::peer_down>().empty());
}

TEST_CASE_METHOD(fixture, "of two links that both ends dialled the smaller incarnation's stays") {
  take();
  const auto number = all<action::dial>().at(0).number;
  const bool peer_is_smaller = GENERATE(true, false);
  const bool ours_first = GENERATE(true, false);
  const auto peer = peer_is_smaller ? smaller : greater;
  const link_info ours{peer, there, me, number};
  const link_info theirs{peer, there, peer, 1};
  link_up(node, 1, ours_first ? ours : theirs, now);
  link_up(node, 2, ours_first ? theirs : ours, now);
  take();
  const link_id ours_id = ours_first ? 1 : 2;
  const link_id stays = peer_is_smaller ? 3 - ours_id : ours_id;
  CHECK(node.link_of(peer) == stays);
  REQUIRE(all<action::close>().size() == 1);
  CHECK(all<action::close>()[0].link == 3 - stays);
  CHECK(all<action::peer_up>().size() == 1);
  CHECK(all<action::peer_suspect>().empty());
}

TEST_CASE_METHOD(fixture, "of two links of one dialler the later dial stays") {
  accept(1, greater, there, 5);
  accept(2, greater, there, 4);
  CHECK(node.link_of(greater) == 1);
  accept(3, greater, there, 6);
  CHECK(node.link_of(greater) == 3);
}

TEST_CASE_METHOD(fixture, "a link that has fallen silent yields to any other") {
  accept(1, greater, there, 5);
  run_until(1100ms);
  accept(2, greater, there, 4);
  CHECK(node.link_of(greater) == 2);
}

TEST_CASE_METHOD(fixture, "only linked nodes are passed on, in turns if there are many") {
  for (std::uint64_t i = 1; i <= 100; ++i)
    accept(i, {1, i}, {"n", static_cast<std::uint16_t>(i)});
  accept(101, {1, 101}, {"n", 101});
  node.link_down(101, link_end::closed, now);
  std::set<incarnation> named;
  for (int i = 0; i < 4; ++i) {
    run_until(now + 600ms);
    REQUIRE(all<action::send_heartbeats>().size() == 1);
    CHECK(all<action::send_heartbeats>()[0].links.size() == 100);
    const auto nodes = all<action::send_heartbeats>()[0].content.nodes;
    CHECK(nodes.size() == heartbeat::max_nodes);
    for (const auto& x : nodes)
      named.insert(x.who);
  }
  CHECK(named.size() == 100);
}

TEST_CASE_METHOD(fixture, "heartbeats name few nodes without news, and many again after a new link") {
  for (std::uint64_t i = 1; i <= 10; ++i)
    accept(i, {1, i}, {"n", static_cast<std::uint16_t>(i)});
  const auto names = [&] {
    std::vector<std::size_t> out;
    for (const auto& x : all<action::send_heartbeats>())
      out.push_back(x.content.nodes.size());
    return out;
  };
  run_until(now + 2600ms);
  CHECK(names() == std::vector<std::size_t>{10, 10, 1, 1, 1});
  std::set<incarnation> named;
  for (int i = 0; i < 10; ++i) {
    run_until(now + 500ms);
    for (const auto& x : all<action::send_heartbeats>())
      named.insert(x.content.nodes[0].who);
  }
  CHECK(named.size() == 10);
  for (link_id i = 1; i <= 10; ++i)
    hear(i);
  accept(11, {1, 11}, {"n", 11});
  run_until(now + 1500ms);
  CHECK(names() == std::vector<std::size_t>{11, 11, 1});
}

TEST_CASE("the number of known nodes is bounded") {
  auto options = fixture::options();
  options.max_known = 3;
  membership node(options);
  node.start({}, 0s);
  link_up(node, 1, {{0, 1}, there, {0, 1}, 1}, 0s);
  heartbeat many;
  for (std::uint64_t i = 0; i < 20; ++i)
    many.nodes.push_back({{1, i}, {"n", static_cast<std::uint16_t>(i + 1)}});
  node.heartbeat_received(1, many, 0s);
  std::size_t known = 0;
  for (const auto& x : many.nodes)
    known += node.state_of(x.who) == state::known ? 1 : 0;
  CHECK(known == 2);
  CHECK(node.state_of({0, 1}) == state::alive);
}
