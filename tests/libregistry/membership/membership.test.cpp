#include <registry/membership/internal/membership.hpp>

#include <support/catch.hpp>

#include <deque>
#include <map>
#include <set>
#include <string>

using namespace registry;
using namespace std::chrono_literals;
using state = membership::peer_state;

namespace {

constexpr incarnation me{0, 10};
constexpr incarnation smaller{0, 5};
constexpr incarnation greater{0, 20};
const node_address here{"here", 1};
const node_address there{"there", 1};

/// One node and the actions it requests.
struct fixture {
  fixture() : node(options()) { node.start({there}, 0s); }

  static membership_options options() {
    membership_options out;
    out.self = me;
    out.advertised = here;
    return out;
  }

  template <class Action>
  std::vector<Action> all() const {
    std::vector<Action> out;
    for (const auto& x : actions) {
      if (const auto* found = std::get_if<Action>(&x))
        out.push_back(*found);
    }
    return out;
  }

  void take() { actions = node.take_actions(); }
  /// Lets time pass; collects all events in between.
  void run_until(instant end) {
    actions.clear();
    for (; now < end; now += 100ms) {
      node.tick(now);
      auto more = node.take_actions();
      actions.insert(actions.end(), more.begin(), more.end());
    }
  }
  void hear(link_id link, heartbeat content = {}) {
    node.heartbeat_received(link, content, now);
    take();
  }
  /// A link that the peer has dialled.
  void accept(link_id link, const incarnation& who, const node_address& where = there, std::uint64_t dial = 1) {
    node.link_up(link, {who, where, who, dial}, now);
    take();
  }

  membership node;
  instant now{};
  std::vector<membership_action> actions;
};

} // namespace

TEST_CASE_METHOD(fixture, "seeds are dialled at the start") {
  take();
  REQUIRE(all<action::dial>().size() == 1);
  CHECK(all<action::dial>()[0].where == there);
}

TEST_CASE_METHOD(fixture, "a linked node becomes a peer and gets heartbeats") {
  accept(7, greater);
  CHECK(all<action::peer_up>().size() == 1);
  REQUIRE(all<action::use_link>().size() == 1);
  CHECK(all<action::use_link>()[0].link == 7);
  run_until(2050ms);
  CHECK(all<action::send_heartbeats>().size() == 4);
  CHECK(all<action::dial>().empty());
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
  CHECK(all<action::peer_suspect>().size() == 1);
  REQUIRE(all<action::lose_link>().size() == 1);
  CHECK(all<action::lose_link>()[0].peer == greater);
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
  node.link_up(8, {smaller, there, me, number}, now);
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

TEST_CASE_METHOD(fixture, "a leaving node says goodbye on every link, then closes them") {
  accept(7, greater);
  node.leave();
  take();
  REQUIRE(all<action::send_heartbeats>().size() == 1);
  CHECK(all<action::send_heartbeats>()[0].content.leaving);
  CHECK(all<action::close>().empty());
  run_until(50ms);
  CHECK(all<action::close>().size() == 1);
  accept(8, smaller);
  CHECK(all<action::close>().size() == 1);
}

TEST_CASE_METHOD(fixture, "of two links that both ends dialled the smaller incarnation's stays") {
  take();
  const auto number = all<action::dial>().at(0).number;
  const bool peer_is_smaller = GENERATE(true, false);
  const bool ours_first = GENERATE(true, false);
  const auto peer = peer_is_smaller ? smaller : greater;
  const link_info ours{peer, there, me, number};
  const link_info theirs{peer, there, peer, 1};
  node.link_up(1, ours_first ? ours : theirs, now);
  node.link_up(2, ours_first ? theirs : ours, now);
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

TEST_CASE_METHOD(fixture, "a seed that was this node itself is asked again, seldom if there are links") {
  // A balancer's address, for example: the next dial may reach another node.
  const bool noticed_in_handshake = GENERATE(true, false);
  const auto meet_itself = [&] {
    for (const auto& x : all<action::dial>()) {
      CHECK(x.where == there);
      if (noticed_in_handshake)
        node.dial_failed(there, dial_failure::self, now);
      else
        node.link_up(100 + x.number, {me, here, me, x.number}, now);
    }
  };
  take();
  CHECK(node.objection({me, here, me, 1}, now) == dial_failure::self);
  meet_itself();
  int dials = 0;
  while (now < 60s) {
    run_until(now + 100ms);
    dials += static_cast<int>(all<action::dial>().size());
    meet_itself();
  }
  CHECK(dials >= 4);
  CHECK(dials <= 30);
  CHECK(all<action::peer_up>().empty());

  accept(7, greater, {"elsewhere", 1});
  dials = 0;
  while (now < 180s) {
    run_until(now + 100ms);
    hear(7);
    dials += static_cast<int>(all<action::dial>().size());
    meet_itself();
  }
  CHECK(dials >= 3);
  CHECK(dials <= 5);
}

TEST_CASE_METHOD(fixture, "behind the address of one seed all nodes are found, whoever answers first") {
  take();
  const auto answer = [&](const incarnation& who, const node_address& where) {
    for (const auto& x : all<action::dial>()) {
      const link_info info{who, where, me, x.number};
      if (const auto why = node.objection(info, now))
        node.dial_failed(x.where, *why, now);
      else
        node.link_up(x.number, info, now);
    }
    take();
  };
  answer(greater, {"one", 1});
  CHECK(node.link_of(greater) != 0);
  const auto first = node.link_of(greater);
  while (now < 65s) { // it answers again, which must not replace the link
    run_until(now + 100ms);
    hear(node.link_of(greater));
    node.tick(now);
    take();
    answer(greater, {"one", 1});
  }
  CHECK(node.link_of(greater) == first);
  while (now < 100s) {
    run_until(now + 100ms);
    answer(smaller, {"two", 1});
    hear(first);
  }
  CHECK(node.link_of(smaller) != 0);
}

TEST_CASE_METHOD(fixture, "a handshake is objected to when it crosses a dial of ours that wins and is not stuck") {
  CHECK(node.objection({greater, there, greater, 1}, now) == dial_failure::duplicate_link);
  CHECK_FALSE(node.objection({smaller, there, smaller, 1}, now));
  CHECK_FALSE(node.objection({greater, {"elsewhere", 1}, greater, 1}, now));
  // Who can dial and not be dialled is not kept out until our dial gives up.
  CHECK_FALSE(node.objection({greater, there, greater, 2}, now + 300ms));
}

TEST_CASE_METHOD(fixture, "a link that is heard of is not replaced by a dial of ours that reaches the same peer") {
  accept(7, greater);
  CHECK(node.objection({greater, there, me, 99}, now) == dial_failure::duplicate_link);
  CHECK_FALSE(node.objection({greater, there, me, 99}, now + 1100ms));
}

TEST_CASE("the dials under way are bounded, and nodes that were linked before go first") {
  auto options = fixture::options();
  options.max_dials = 8;
  membership node(options);
  node.start({}, 0s);
  std::set<node_address> linked_before;
  for (std::uint64_t i = 1; i <= 20; ++i) {
    const node_address where{"old", static_cast<std::uint16_t>(i)};
    linked_before.insert(where);
    node.link_up(i, {{0, i}, where, {0, i}, 1}, 0s);
  }
  heartbeat many;
  for (std::uint64_t i = 0; i < heartbeat::max_nodes; ++i)
    many.nodes.push_back({{1, i}, {"new", static_cast<std::uint16_t>(i + 1)}});
  node.heartbeat_received(1, many, 0s);
  for (std::uint64_t i = 1; i <= 20; ++i)
    node.link_down(i, link_end::closed, 0s);
  std::set<node_address> under_way;
  std::map<node_address, int> dialled;
  std::deque<std::pair<instant, node_address>> timeouts;
  for (instant now{}; now < 120s; now += 100ms) {
    for (; !timeouts.empty() && timeouts.front().first <= now; timeouts.pop_front()) {
      under_way.erase(timeouts.front().second);
      node.dial_failed(timeouts.front().second, dial_failure::unreachable, now);
    }
    node.tick(now);
    for (const auto& x : node.take_actions()) {
      const auto* order = std::get_if<action::dial>(&x);
      if (order == nullptr)
        continue;
      under_way.insert(order->where);
      ++dialled[order->where];
      timeouts.emplace_back(now + 5s, order->where);
    }
    CHECK(under_way.size() <= 8);
    CHECK(std::count_if(under_way.begin(), under_way.end(), [&](auto& x) { return linked_before.contains(x); }) <= 6);
  }
  CHECK(dialled.size() == 20 + heartbeat::max_nodes - (many.nodes[0].who == incarnation{1, 0} ? 0 : 1));
  for (const auto& where : linked_before)
    CHECK(dialled[where] >= 4);
}

TEST_CASE_METHOD(fixture, "nodes that advertise one address are told of to the operator, restarted ones are not") {
  const auto warnings = [&] {
    std::vector<std::string> out;
    for (const auto& x : all<action::warn>())
      out.push_back(x.text);
    return out;
  };
  SECTION("this node and a peer that is linked") {
    accept(7, greater, here);
    REQUIRE(warnings().size() == 1);
    CHECK(warnings()[0].find("here:1") != std::string::npos);
    CHECK(warnings()[0].find(to_string(greater)) != std::string::npos);
    hear(7);
    CHECK(warnings().empty());
  }
  SECTION("this node and one that is heard of for long") {
    accept(7, smaller, {"one", 1});
    int told = 0;
    for (; now < 40s; now += 500ms) {
      hear(7, {false, {{greater, here}}});
      told += static_cast<int>(warnings().size());
      CHECK((told == 0 || now >= 10s));
    }
    CHECK(told == 1);
  }
  SECTION("two peers that stay linked") {
    accept(7, smaller, {"one", 1});
    accept(8, greater, {"one", 1});
    int told = 0;
    while (now < 40s) {
      hear(7);
      hear(8);
      const auto before = now;
      run_until(now + 500ms);
      told += static_cast<int>(warnings().size());
      CHECK((told == 0 || before >= 9s));
    }
    CHECK(told == 1);
  }
  SECTION("a peer and its successor") {
    accept(7, smaller, {"one", 1});
    accept(8, greater, {"one", 1});
    run_until(2s);
    node.link_down(7, link_end::closed, now);
    while (now < 40s) {
      run_until(now + 500ms);
      hear(8);
      CHECK(warnings().empty());
    }
  }
}

TEST_CASE_METHOD(fixture, "the smaller incarnation dials a newly known node, the greater one only after a while") {
  accept(7, smaller);
  const node_address one{"one", 1};
  const node_address two{"two", 1};
  hear(7, {false, {{{0, 1}, one}, {{0, 30}, two}, {me, {"me", 1}}, {{0, 31}, here}}});
  node.tick(now);
  take();
  REQUIRE(all<action::dial>().size() == 1);
  CHECK(all<action::dial>()[0].where == two);
  run_until(550ms);
  REQUIRE(all<action::dial>().size() == 1);
  CHECK(all<action::dial>()[0].where == one);
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

TEST_CASE_METHOD(fixture, "a refusal is logged once at each end") {
  node.dial_failed(there, dial_failure::wrong_secret, now);
  take();
  REQUIRE(all<action::warn>().size() == 1);
  CHECK(all<action::warn>()[0].text.find("there:1") != std::string::npos);
  run_until(60s);
  CHECK(all<action::dial>().size() == 1);
  node.dial_failed(there, dial_failure::wrong_secret, now);
  node.dialler_refused(there, dial_failure::wrong_version, now, "1 and 2");
  node.dialler_refused(there, dial_failure::wrong_version, now, "1 and 3");
  node.dialler_refused(there, dial_failure::duplicate_link, now);
  take();
  REQUIRE(all<action::warn>().size() == 1);
  CHECK(all<action::warn>()[0].text.find("(1 and 2)") != std::string::npos);
}

TEST_CASE_METHOD(fixture, "strangers can neither fill the log nor silence it") {
  std::size_t lines = 0;
  const auto forge = [&](std::uint16_t from) {
    for (std::uint16_t i = 0; i < 2000; ++i)
      node.dialler_refused({"10.0.0." + std::to_string(from), i}, dial_failure::wrong_secret, now);
  };
  for (std::uint16_t minute = 0; minute < 10; ++minute) {
    forge(minute);
    run_until(now + 60s);
    lines += all<action::warn>().size();
  }
  CHECK(lines >= 100);
  CHECK(lines <= 180);
  node.dialler_refused({"198.51.100.7", 0}, dial_failure::wrong_secret, now);
  take();
  REQUIRE_FALSE(all<action::warn>().empty());
  CHECK(all<action::warn>().back().text.find("198.51.100.7") != std::string::npos);
  run_until(now + 60s);
  node.dialler_refused({"198.51.100.7", 0}, dial_failure::wrong_secret, now);
  take();
  CHECK(all<action::warn>().empty());
}

TEST_CASE("the number of known nodes is bounded") {
  auto options = fixture::options();
  options.max_known = 3;
  membership node(options);
  node.start({}, 0s);
  node.link_up(1, {{0, 1}, there, {0, 1}, 1}, 0s);
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
