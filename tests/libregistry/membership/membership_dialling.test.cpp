#include <libregistry/membership/membership_fixture.hpp>

#include <support/allocation.hpp>
#include <support/catch.hpp>

#include <algorithm>
#include <deque>
#include <map>
#include <set>
#include <string>

using namespace registry;
using namespace registry::testing::one_member;
using namespace std::chrono_literals;

TEST_CASE_METHOD(fixture, "seeds are dialled at the start") {
  take();
  REQUIRE(all<action::dial>().size() == 1);
  CHECK(all<action::dial>()[0].where == there);
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
        link_up(node, 100 + x.number, {me, here, me, x.number}, now);
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
    dials += static_cast<int>(all<action::dial>().size());
    meet_itself();
    hear(7);
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
        link_up(node, x.number, info, now);
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

TEST_CASE_METHOD(fixture,
                 "a link is not replaced by a dial of ours that reaches the same peer, unless the peer is suspected") {
  accept(7, greater);
  CHECK(node.objection({greater, there, me, 99}, now) == dial_failure::duplicate_link);
  run_until(now + 1100ms);
  CHECK(node.objection({greater, there, me, 99}, now) == dial_failure::duplicate_link);
  run_until(now + 1s);
  REQUIRE(node.state_of(greater) == membership::peer_state::suspect);
  CHECK_FALSE(node.objection({greater, there, me, 99}, now));
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
    link_up(node, i, {{2, i}, where, {2, i}, 1}, 0s);
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
  for (instant now{}; now < 240s; now += 100ms) {
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
  CHECK(dialled.size() == 20 + heartbeat::max_nodes);
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
    CHECK(warnings()[0].find("(" + to_string(greater).substr(0, 8) + ")") != std::string::npos);
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

TEST_CASE_METHOD(fixture,
                 "a seed that turns dials away because of a link is asked seldom, unless there is no link any more") {
  accept(7, greater, {"elsewhere", 1});
  int dials = 0;
  const auto turn_away = [&](instant time, bool linked) {
    for (const auto end = now + time; now < end;) {
      run_until(now + 100ms);
      const auto more = all<action::dial>();
      dials += static_cast<int>(std::count_if(more.begin(), more.end(), [](auto& x) { return x.where == there; }));
      for (const auto& x : more)
        node.dial_failed(x.where, dial_failure::duplicate_link, now);
      if (linked)
        hear(7);
    }
  };
  node.dial_failed(there, dial_failure::duplicate_link, now);
  turn_away(120s, true);
  CHECK(dials >= 4);
  CHECK(dials <= 8);
  node.link_down(7, link_end::closed, now);
  dials = 0;
  turn_away(120s, false);
  CHECK(dials >= 7);
}

TEST_CASE_METHOD(fixture, "a node that has left, and answers while it ends, does not replace its successor") {
  take();
  REQUIRE(all<action::dial>().size() == 1);
  const auto number = all<action::dial>()[0].number;
  accept(7, greater);
  hear(7, {true, {}});
  REQUIRE(node.state_of(greater) == membership::peer_state::left);
  accept(8, smaller);
  link_up(node, 9, {greater, there, me, number}, now);
  take();
  CHECK(all<action::peer_down>().empty());
  REQUIRE(all<action::close>().size() == 1);
  CHECK(all<action::close>()[0].link == 9);
  CHECK(node.link_of(smaller) == 8);
}

TEST_CASE_METHOD(fixture, "a refusal says nothing about a node that can dial and not be dialled") {
  const auto lose_and_refuse = [&](link_id link) {
    node.link_down(link, link_end::closed, now);
    run_until(now + 5s);
    node.dial_failed(there, dial_failure::refused, now);
    take();
  };
  accept(7, greater);
  run_until(now + 1s);
  hear(7);
  lose_and_refuse(7);
  CHECK(all<action::peer_down>().size() == 1);
  // It lives, and has dialled.
  accept(8, greater);
  CHECK(all<action::peer_up>().size() == 1);
  run_until(now + 1s);
  hear(8);
  lose_and_refuse(8);
  CHECK(all<action::peer_down>().empty());
  CHECK(node.state_of(greater) == membership::peer_state::suspect);
  run_until(now + 4s);
  REQUIRE(all<action::peer_down>().size() == 1);
  CHECK(all<action::peer_down>()[0].why == down_reason::lost);
}

TEST_CASE_METHOD(fixture, "the address of a node that nobody has heard of for long is forgotten, that of a seed is not") {
  auto forgetful = options();
  forgetful.forget_after = 10min;
  node = membership{forgetful};
  node.start({there}, now);
  const auto dial_in_vain = [&](instant end) {
    while (now < end) {
      run_until(now + 1s);
      for (const auto& x : all<action::dial>())
        node.dial_failed(x.where, dial_failure::unreachable, now);
    }
  };
  dial_in_vain(now + 1s);
  for (std::uint64_t round = 0; round < 3; ++round) {
    const link_id link = 100 + round;
    accept(link, {1, round}, {"friend", 1});
    heartbeat of_others;
    for (std::uint16_t i = 1; i <= 20; ++i)
      of_others.nodes.push_back({{round + 2, i}, {"round" + std::to_string(round), i}});
    hear(link, of_others);
    dial_in_vain(now + 5s);
    CHECK(node.dialled_addresses() == 1 + 20);
    node.link_down(link, link_end::closed, now);
    dial_in_vain(now + 9min);
    CHECK(node.dialled_addresses() == 1 + 20 + 1);
    dial_in_vain(now + 5min);
    CHECK(node.dialled_addresses() == 1);
  }
}

TEST_CASE("a peer that names ever more nodes costs a bounded amount of memory") {
  auto small = fixture::options();
  small.max_known = 20;
  membership node{small};
  node.start({there}, 0s);
  link_up(node, 1, {smaller, there, smaller, 1}, 0s);
  const auto run = [&](std::uint64_t from, std::uint64_t to) {
    for (auto n = from; n < to; ++n) {
      const instant now = 100ms * n;
      node.heartbeat_received(1, {false, {{{1, n}, {"host", static_cast<std::uint16_t>(n)}}}}, now);
      node.tick(now);
      for (const auto& x : node.take_actions()) {
        if (const auto* dial = std::get_if<action::dial>(&x))
          node.dial_failed(dial->where, dial_failure::refused, now);
      }
    }
    return registry::testing::allocated_bytes();
  };
  const auto before = run(1, 1000);
  CHECK(run(1000, 10'000) < before + 20'000);
}
