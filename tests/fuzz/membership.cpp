// A membership among hostile nodes: their heartbeats, and their links at any time.

#include <fuzz/target.hpp>

#include <registry/membership/internal/membership.hpp>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <variant>

namespace registry::fuzz::membership_target {

namespace {

using namespace std::chrono_literals;
using state = membership::peer_state;

constexpr incarnation self{0, 10};

membership_options options() {
  membership_options out;
  out.self = self;
  out.advertised = {"here", 1};
  out.max_dials = 4;
  out.max_known = 12;
  return out;
}

incarnation some_node(script& in) {
  return {0, 8 + in.below(6)}; // this one among them
}

node_address some_address(script& in) {
  return {in.coin() ? "here" : "there", static_cast<std::uint16_t>(1 + in.below(4))};
}

/// One node, and what its actions promise.
class world {
public:
  world() { logic_.start({{"there", 1}, {"there", 2}}, now_); }

  void step(script& in);

private:
  void pass(instant time);
  void accept(script& in);
  void end_dial(script& in);
  void receive(script& in, link_id link);
  std::optional<link_id> some_link(script& in) const;
  void link_with(const link_info& info);

  void act();
  void take(const action::dial& x);
  void take(const action::close& x) { open_.erase(x.link); }
  void take(const action::send_heartbeats& x);
  void take(const action::peer_up& x);
  void take(const action::use_link& x);
  void take(const action::lose_link& x);
  void take(const action::peer_suspect& x);
  void take(const action::peer_alive_again& x);
  void take(const action::peer_down& x);
  void take(const action::warn& x);
  void check();

  membership logic_{options()};
  instant now_{};
  link_id last_link_ = 0;
  std::uint64_t last_dial_ = 0;
  std::map<link_id, incarnation> open_;
  std::map<incarnation, link_id> used_;
  std::set<link_id> told_links_; // of `use_link`
  std::map<incarnation, state> told_;
  std::map<node_address, std::uint64_t> dials_;
  std::set<incarnation> named_;
};

void world::pass(instant time) {
  now_ += time;
  logic_.tick(now_);
}

void world::link_with(const link_info& info) {
  named_.insert(info.peer);
  open_.emplace(++last_link_, info.peer);
  logic_.link_begun(last_link_, info, now_);
  // Some take their time.
  if (info.dial % 4 != 3)
    logic_.link_complete(last_link_, now_);
}

void world::accept(script& in) {
  const auto who = some_node(in);
  if (who == self)
    return;
  const link_info info{who, some_address(in), who, in.byte()};
  if (in.coin() && logic_.objection(info, now_))
    return;
  link_with(info);
}

void world::end_dial(script& in) {
  if (dials_.empty())
    return;
  const auto chosen = std::next(dials_.begin(), static_cast<std::ptrdiff_t>(in.below(dials_.size())));
  const auto [where, number] = *chosen;
  dials_.erase(chosen);
  const auto how = in.below(10);
  if (how < 9)
    return logic_.dial_failed(where, static_cast<dial_failure>(how), now_, "why");
  const link_info info{some_node(in), some_address(in), self, number};
  const auto objection = in.coin() ? logic_.objection(info, now_) : std::nullopt;
  if (objection)
    logic_.dial_failed(where, *objection, now_);
  else
    link_with(info);
}

void world::receive(script& in, link_id link) {
  const auto data = in.bytes();
  const auto read = decode_heartbeat(data);
  if (!read) {
    expect(read.error() == errc::malformed && read.error().position() <= data.size(), "an unexpected error");
    open_.erase(link);
    return logic_.link_down(link, link_end::failed, now_);
  }
  const auto again = encode(read.value());
  expect(data.front() > std::byte{2} || std::ranges::equal(again, data), "a heartbeat is not canonical");
  for (const auto& x : read.value().nodes) {
    expect(is_host(x.where.host), "a heartbeat has an address that is none");
    named_.insert(x.who);
  }
  logic_.heartbeat_received(link, read.value(), now_);
}

std::optional<link_id> world::some_link(script& in) const {
  if (open_.empty())
    return std::nullopt;
  return std::next(open_.begin(), static_cast<std::ptrdiff_t>(in.below(open_.size())))->first;
}

void world::step(script& in) {
  const auto link = some_link(in);
  switch (in.below(10)) {
  case 0:
    pass(100ms);
    break;
  case 1:
    pass(100ms * (1 + in.below(200)));
    break;
  case 2:
    accept(in);
    break;
  case 3:
    end_dial(in);
    break;
  case 4:
    if (link) {
      open_.erase(*link);
      logic_.link_down(*link, in.coin() ? link_end::closed : link_end::failed, now_);
    }
    break;
  case 5:
    if (link)
      receive(in, *link);
    break;
  case 6:
    if (link) {
      logic_.heard(*link, now_ - 100ms * in.below(4));
      logic_.link_complete(*link, now_);
    }
    break;
  case 7:
    logic_.dialler_refused(some_address(in), static_cast<dial_failure>(in.below(9)), now_, "why");
    break;
  case 8:
    pass(1h * in.below(30));
    break;
  default:
    if (in.byte() == 255)
      logic_.leave();
  }
  act();
  check();
}

// -- what it asks for --------------------------------------------------------------------------------------------------

void world::act() {
  for (const auto& one : logic_.take_actions())
    std::visit([&](const auto& x) { take(x); }, one);
}

void world::take(const action::dial& x) {
  expect(dials_.emplace(x.where, x.number).second, "two dials to one address");
  expect(dials_.size() <= options().max_dials, "too many dials");
  expect(x.number > std::exchange(last_dial_, x.number), "the numbers of dials do not grow");
  expect(x.where.port != 0 && is_host(x.where.host), "a dial to nowhere");
}

void world::take(const action::send_heartbeats& x) {
  expect(!x.links.empty() && x.content.nodes.size() <= heartbeat::max_nodes, "a heartbeat to nobody, or too long");
  for (const auto link : x.links)
    expect(open_.contains(link), "a heartbeat on a closed link");
  const auto read = decode_heartbeat(encode(x.content));
  expect(read && read.value() == x.content, "a heartbeat comes back as another one");
}

void world::take(const action::peer_up& x) {
  const auto before = told_.try_emplace(x.peer, state::down).first;
  expect(before->second == state::down && x.peer != self, "a peer comes up twice");
  before->second = state::alive;
}

void world::take(const action::use_link& x) {
  expect(told_[x.peer] == state::alive || told_[x.peer] == state::suspect, "a link of a peer that is not up");
  const auto link = open_.find(x.link);
  expect(link != open_.end() && link->second == x.peer, "a link of another peer, or none");
  used_[x.peer] = x.link;
  expect(told_links_.insert(x.link).second, "a link is used twice");
}

void world::take(const action::lose_link& x) {
  expect(used_.erase(x.peer) == 1, "a link is lost that was not in use");
}

void world::take(const action::peer_suspect& x) {
  expect(std::exchange(told_[x.peer], state::suspect) == state::alive, "a peer is suspect that is not alive");
}

void world::take(const action::peer_alive_again& x) {
  expect(std::exchange(told_[x.peer], state::alive) == state::suspect, "a peer is alive again that is not suspect");
}

void world::take(const action::peer_down& x) {
  const auto before = std::exchange(told_[x.peer], state::down);
  expect(before == state::alive || before == state::suspect, "a peer goes down that is not up");
  used_.erase(x.peer);
}

void world::take(const action::warn& x) {
  expect(!x.text.empty() && std::ranges::all_of(x.text, [](char c) { return c >= ' ' && c <= '~'; }),
         "a warning is not safe to log");
}

void world::check() {
  const auto up = std::ranges::count_if(told_, [](const auto& x) { return x.second != state::down; });
  const auto known = std::ranges::count_if(named_, [&](const auto& x) { return logic_.state_of(x) != state::unknown; });
  expect(known <= static_cast<std::ptrdiff_t>(options().max_known), "it knows too many nodes");
  expect(static_cast<std::ptrdiff_t>(logic_.present().size()) == up, "who is up was not told");
  for (const auto link : logic_.quiet_links(now_))
    expect(open_.contains(link), "a closed link is quiet");
  if (logic_.leaving())
    return;
  for (const auto& [who, what] : told_) {
    expect(what == state::down || logic_.state_of(who) == what, "the state of a peer was not told");
    expect(what != state::alive || used_.contains(who), "a peer is alive and has no link");
    const auto link = logic_.link_of(who);
    const bool is_new = link != 0 && !told_links_.contains(link);
    expect(is_new || link == (used_.contains(who) ? used_.at(who) : 0), "the link of a peer was not told");
  }
}

void run(input data) {
  script in{data};
  world x;
  while (!in.done())
    x.step(in);
}

const registration it{"membership", run};

} // namespace

} // namespace registry::fuzz::membership_target
