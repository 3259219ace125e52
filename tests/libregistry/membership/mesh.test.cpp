#include <registry/membership/internal/membership.hpp>

#include <support/effort.hpp>
#include <support/seed.hpp>

#include <support/catch.hpp>

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <random>

using namespace registry;
using namespace std::chrono_literals;
using state = membership::peer_state;

namespace {

/// Some nodes under random delays, breaks and silences. Invariants 1 and 2 of `membership` are checked at every action.
class mesh {
public:
  mesh(std::size_t size, std::uint64_t seed) : random_(seed) {
    for (std::size_t i = 0; i < size; ++i) {
      membership_options options;
      options.self = {random_(), random_()};
      options.advertised = {"node", static_cast<std::uint16_t>(i + 1)};
      options.seed = random_();
      nodes_.push_back({options.self, options.advertised, std::make_unique<membership>(options), {}, {}});
    }
    for (auto& x : nodes_) {
      x.logic->start({nodes_[below(size)].where, nodes_[0].where}, now_);
      act(x);
    }
  }

  void run(instant time, bool disturbed) {
    for (const auto end = now_ + time; now_ < end; now_ += 50ms) {
      if (disturbed && below(20) == 0)
        break_one();
      if (disturbed && below(40) == 0)
        deaf_until_[below(nodes_.size())] = now_ + std::chrono::milliseconds{below(12'000)};
      pass();
      for (auto& x : nodes_) {
        x.logic->tick(now_);
        act(x);
      }
    }
  }

  void hear_all() { deaf_until_.clear(); }

  void check_full() {
    for (auto& a : nodes_) {
      for (auto& b : nodes_) {
        if (&a == &b)
          continue;
        CHECK(a.logic->state_of(b.self) == state::alive);
        REQUIRE(a.logic->link_of(b.self) != 0);
        CHECK(((a.logic->link_of(b.self) - 1) ^ 1U) + 1 == b.logic->link_of(a.self));
      }
      CHECK(a.open.size() == nodes_.size() - 1);
    }
  }

private:
  struct member_node {
    incarnation self;
    node_address where;
    std::unique_ptr<membership> logic;
    std::map<link_id, incarnation> open;
    std::map<incarnation, state> told;
  };
  struct link {
    std::size_t ends[2];
    bool open[2] = {true, true};
    instant heard[2];
  };
  struct planned {
    instant when;
    std::function<void()> what;
  };

  std::uint64_t below(std::uint64_t bound) { return random_() % bound; }
  void later(instant delay, std::function<void()> what) { planned_.push_back({now_ + delay, std::move(what)}); }
  instant some_delay() { return std::chrono::milliseconds{1 + below(300)}; }

  void pass() {
    auto due = std::move(planned_);
    planned_.clear();
    for (auto& x : due) {
      if (x.when <= now_)
        x.what();
      else
        planned_.push_back(std::move(x));
    }
  }

  member_node& node_of(link_id id) { return nodes_[links_[(id - 1) / 2].ends[(id - 1) & 1U]]; }
  bool& open(link_id id) { return links_[(id - 1) / 2].open[(id - 1) & 1U]; }
  static link_id other(link_id id) { return ((id - 1) ^ 1U) + 1; }

  void break_one() {
    if (links_.empty())
      return;
    const link_id first = 2 * below(links_.size()) + 1;
    for (const auto id : {first, other(first)})
      later(some_delay(), [this, id] { end(id); });
  }

  void end(link_id id) {
    if (!std::exchange(open(id), false))
      return;
    auto& x = node_of(id);
    x.open.erase(id);
    x.logic->link_down(id, link_end::closed, now_);
    act(x);
  }

  void dial(std::size_t from, const node_address& where, std::uint64_t number) {
    const std::size_t to = where.port - 1U;
    const link_id id = 2 * links_.size() + 1;
    const auto both = {std::pair{from, id}, std::pair{to, id + 1}};
    links_.push_back({{from, to}, {true, true}, {now_, now_}});
    for (const auto& [at, its_link] : both) {
      const auto peer = at == from && its_link == id ? to : from;
      const link_info info{nodes_[peer].self, nodes_[peer].where, nodes_[from].self, number};
      later(some_delay(), [this, at = at, its_link = its_link, info] {
        nodes_[at].open.emplace(its_link, info.peer);
        nodes_[at].logic->link_begun(its_link, info, now_);
        nodes_[at].logic->link_complete(its_link, now_);
        act(nodes_[at]);
      });
    }
  }

  void act(member_node& from) {
    const auto i = static_cast<std::size_t>(&from - nodes_.data());
    for (const auto& x : from.logic->take_actions()) {
      if (const auto* order = std::get_if<action::dial>(&x)) {
        dial(i, order->where, order->number);
      } else if (const auto* done = std::get_if<action::close>(&x)) {
        from.open.erase(done->link);
        open(done->link) = false;
        later(some_delay(), [this, id = other(done->link)] { end(id); });
      } else if (const auto* sent = std::get_if<action::send_heartbeats>(&x)) {
        for (const auto link : sent->links)
          later(some_delay(), [this, id = other(link), content = sent->content] { hear(id, content); });
      } else if (const auto* up = std::get_if<action::peer_up>(&x)) {
        move_on(from, up->peer, {state::unknown, state::down}, state::alive);
      } else if (const auto* suspect = std::get_if<action::peer_suspect>(&x)) {
        move_on(from, suspect->peer, {state::alive}, state::suspect);
      } else if (const auto* again = std::get_if<action::peer_alive_again>(&x)) {
        move_on(from, again->peer, {state::suspect}, state::alive);
      } else if (const auto* down = std::get_if<action::peer_down>(&x)) {
        move_on(from, down->peer, {state::alive, state::suspect}, state::down);
        // No node dies here, so silence is the only possible reason.
        CHECK(down->why == down_reason::lost);
        CHECK(now_ - last_heard_[{i, down->peer}] >= 8s);
      }
    }
    std::map<incarnation, int> links;
    for (const auto& [id, peer] : from.open)
      CHECK(++links[peer] == 1);
  }

  void hear(link_id id, const heartbeat& content) {
    auto& x = node_of(id);
    const auto i = static_cast<std::size_t>(&x - nodes_.data());
    const auto deaf = deaf_until_.find(i);
    if (!x.open.contains(id) || (deaf != deaf_until_.end() && now_ < deaf->second))
      return;
    last_heard_[{i, x.open[id]}] = now_;
    x.logic->heartbeat_received(id, content, now_);
    act(x);
  }

  static void move_on(member_node& from, const incarnation& peer, const std::vector<state>& before, state after) {
    auto& told = from.told[peer];
    CHECK(std::find(before.begin(), before.end(), told) != before.end());
    told = after;
  }

  std::mt19937_64 random_;
  instant now_ = 1h;
  std::vector<member_node> nodes_;
  std::vector<link> links_;
  std::vector<planned> planned_;
  std::map<std::size_t, instant> deaf_until_;
  std::map<std::pair<std::size_t, incarnation>, instant> last_heard_;
};

} // namespace

TEST_CASE("nodes form a full mesh in the end, whatever happens to their links") {
  const auto seed = registry::testing::seed();
  for (std::uint64_t i = 0; i < registry::testing::repetitions(30); ++i) {
    CAPTURE(seed, i);
    mesh all(2 + i % 5, seed + i);
    all.run(40s, true);
    all.hear_all();
    all.run(60s, false);
    all.check_full();
  }
}
