#include <registry/membership/internal/membership.hpp>

#include <algorithm>
#include <string>
#include <tuple>
#include <utility>

// Whom a membership dials, and what is told of dials and addresses that cannot work.

namespace registry::inline v0_2 {

namespace {

constexpr std::size_t max_refusals_told = 16; // in an interval
constexpr std::size_t max_strangers_told = 12;
constexpr std::size_t max_repeated_told = 4;
constexpr std::chrono::minutes refusal_interval{1};
constexpr std::chrono::hours refusal_repeated_after{1};
constexpr std::size_t max_claims = 64;

bool is_operators_business(dial_failure why) {
  switch (why) {
  case dial_failure::wrong_secret:
  case dial_failure::wrong_version:
  case dial_failure::wrong_cluster:
  case dial_failure::duplicate_node_id:
  case dial_failure::broken_handshake:
  case dial_failure::wrong_certificate:
  case dial_failure::wrong_encryption:
  case dial_failure::hung_up:
    return true;
  case dial_failure::refused:
  case dial_failure::unreachable:
  case dial_failure::duplicate_link:
  case dial_failure::self:
    return false;
  }
  return false;
}

/// Of a stranger no more than the host is known.
std::string visible_address(const node_address& x) {
  return x.port == 0 ? x.host : to_string(x);
}

} // namespace

void membership::dial_due(instant now) {
  if (leaving_)
    return;
  struct candidate {
    dial_rank rank;
    instant since;
    const node_address* where;
  };
  std::vector<candidate> due;
  const auto consider = [&](const node_address& where, dial_rank rank) {
    if (const auto since = plan_.due(where, now))
      due.push_back({rank, *since, &where});
  };
  for (const auto& seed : seeds_) {
    if (is_wanted(seed, now))
      consider(seed, dial_rank::proven);
  }
  for (const auto& [who, x] : peers_) {
    const bool wanted = x.link == 0 && !x.replaced && x.state != peer_state::left && now >= x.dial_from;
    if (wanted && !is_linked_at(x.where))
      consider(x.where, x.state == peer_state::known ? dial_rank::hearsay : dial_rank::proven);
  }
  std::sort(due.begin(), due.end(), [](const candidate& a, const candidate& b) {
    return std::tie(a.rank, a.since, *a.where) < std::tie(b.rank, b.since, *b.where);
  });
  for (const auto& x : due) {
    const auto proven = plan_.under_way(dial_rank::proven);
    const bool is_full = proven + plan_.under_way(dial_rank::hearsay) >= options_.max_dials ||
                         (x.rank == dial_rank::proven && proven >= options_.max_dials - options_.max_dials / 4);
    // Two nodes, or a seed and a node, may have one address.
    if (!is_full && plan_.due(*x.where, now))
      actions_.emplace_back(action::dial{*x.where, plan_.begin(*x.where, x.rank, now)});
  }
}

/// Whether a seed should be dialled. If it was this node or a linked one that answered, others may answer the next time.
bool membership::is_wanted(const node_address& seed, instant now) const {
  if (seed == options_.advertised || linked_at_.contains(seed))
    return false;
  const auto last = plan_.answered_by(seed);
  // A linked node that turns a dial away does not say who it is.
  const bool has_answered = last == options_.self || (last && link_of(last) != 0) || plan_.seems_linked(seed);
  return !has_answered || links_.empty() || now >= plan_.leisurely_after(seed, options_.seed_interval);
}

bool membership::is_linked_at(const node_address& where) const {
  if (const auto last = plan_.answered_by(where); last && link_of(last) != 0)
    return true;
  return linked_at_.contains(where);
}

void membership::dial_failed(const node_address& where, dial_failure why, instant now, std::string_view detail) {
  if (why == dial_failure::self)
    plan_.note_answer(where, options_.self);
  if (plan_.failed(where, why, now) && is_operators_business(why))
    warn("cannot link with", where, why, detail);
  if (why != dial_failure::refused)
    return;
  for (auto& x : peers_) {
    auto& found = x.second;
    if (found.where != where || found.link != 0)
      continue;
    found.refused = true;
    if (found.state == peer_state::suspect && !found.undialable)
      go_down(x, down_reason::refused);
  }
}

void membership::dialler_refused(const node_address& who, dial_failure why, instant now, std::string_view detail) {
  if (!is_operators_business(why))
    return;
  tell_number_of_refusals(now);
  auto& [told, interval_begins, in_interval, untold] = refusals_;
  if (const auto found = told.find({who, why}); found != told.end() && now - found->second.told < refusal_repeated_after) {
    ++found->second.again;
    return;
  }
  // However many strangers there are, they fill neither the memory nor the log, and the log goes on.
  if (in_interval >= (who.port == 0 ? max_strangers_told : max_refusals_told)) {
    ++untold;
    return;
  }
  std::erase_if(told, [&](const auto& x) { return now - x.second.told >= refusal_repeated_after; });
  told.insert_or_assign({who, why}, refusals::line{now, 0});
  ++in_interval;
  warn("refused", who, why, detail);
}

void membership::tell_number_of_refusals(instant now) {
  auto& [told, interval_begins, in_interval, untold] = refusals_;
  if (now - interval_begins < refusal_interval)
    return;
  interval_begins = now;
  in_interval = 0;
  for (std::size_t i = 0; i < max_repeated_told; ++i) {
    const auto most = std::max_element(told.begin(), told.end(),
                                       [](const auto& a, const auto& b) { return a.second.again < b.second.again; });
    if (most == told.end() || most->second.again == 0)
      break;
    const auto times = std::to_string(std::exchange(most->second.again, 0));
    const auto& [who, why] = most->first;
    actions_.emplace_back(action::warn{"refused " + visible_address(who) + " " + times +
                                       " more times since the last such message: " + std::string{to_string(why)}});
  }
  for (auto& [what, line] : told)
    untold += std::exchange(line.again, 0);
  if (untold == 0)
    return;
  actions_.emplace_back(action::warn{"refused " + std::to_string(std::exchange(untold, 0)) +
                                     " more dials since the last such message; see those above for the reasons"});
}

void membership::warn(std::string_view what, const node_address& where, dial_failure why, std::string_view detail) {
  std::string text;
  text.append(what).append(" ").append(visible_address(where)).append(": ").append(to_string(why));
  if (!detail.empty())
    text.append(" (").append(detail).append(")");
  actions_.emplace_back(action::warn{std::move(text)});
}

/// Another node says, or is said to say, that it listens at our address.
void membership::note_claim(const incarnation& who, instant now) {
  if (claims_.size() >= max_claims && !claims_.contains(who))
    return;
  auto& since = claims_.try_emplace(who, now).first->second;
  const auto found = peers_.find(who);
  const bool says_so = found != peers_.end() && found->second.link != 0;
  // For as long as it takes to notice that a node is gone, it may be the one that had the address before.
  if (!since || (!says_so && now - *since < options_.down_after + options_.suspect_after))
    return;
  since.reset();
  const auto name = says_so ? found->second.name : std::string{};
  actions_.emplace_back(action::warn{"node " + v0_2::label_of(who, options_.advertised, name) +
                                     " advertises the address of this node, " +
                                     v0_2::label_of(options_.self, options_.advertised, {}) +
                                     ": others can reach one of the two at most; give each node an address of its own"});
}

void membership::warn_of_shared_addresses(instant now) {
  for (auto x = shared_.begin(); x != shared_.end();) {
    auto& [where, since] = *x;
    const auto links = linked_at_.find(where);
    if (links == linked_at_.end() || links->second < 2) {
      x = shared_.erase(x);
      continue;
    }
    // Until its loss is noticed a node is linked beside its successor.
    if (since && now - *since >= options_.down_after + options_.suspect_after) {
      std::string nodes;
      for (const auto& [who, peer] : peers_) {
        if (peer.link != 0 && peer.where == where)
          nodes.append(nodes.empty() ? "" : " and ").append(label_of(who));
      }
      since.reset();
      actions_.emplace_back(action::warn{"the nodes " + nodes + " all advertise " + to_string(where) +
                                         ": others can reach one of them at most; give each node an address of its own"});
    }
    ++x;
  }
}

} // namespace registry::inline v0_2
