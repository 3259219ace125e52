#include <registry/node/internal/seed_watch.hpp>

#include <algorithm>
#include <utility>

namespace registry::inline v0_2 {

namespace {

constexpr std::chrono::seconds complaint_patience{5};
constexpr std::chrono::minutes complaint_interval{1};

bool is_silence(dial_failure why) {
  return why == dial_failure::refused || why == dial_failure::unreachable || why == dial_failure::hung_up;
}

const peer_status* find_linked(const seed_watch::seed& of, const std::vector<peer_status>& peers) {
  const auto found = std::find_if(peers.begin(), peers.end(), [&](const peer_status& x) {
    return x.reachable && (x.where == of.where || (of.peer && x.who == of.peer));
  });
  return found == peers.end() ? nullptr : &*found;
}

std::string said_of(const seed_watch::seed& of, std::string_view what) {
  auto out = "seed " + to_string(of.where) + ": " + std::string{what};
  return of.detail.empty() ? out : out + " (" + of.detail + ")";
}

} // namespace

seed_watch::seed_watch(const std::vector<node_address>& seeds, const node_address& self) {
  for (const auto& where : seeds) {
    if (where != self)
      seeds_.push_back({where, 0, {}, std::nullopt, {}, {}, {}});
  }
}

void seed_watch::dialled(const node_address& where, std::uint64_t number) {
  for (auto& x : seeds_) {
    if (x.where == where)
      x.dial = number;
  }
}

void seed_watch::answered(std::uint64_t number, const incarnation& who) {
  for (auto& x : seeds_) {
    if (x.dial == number && number != 0) {
      x.peer = who;
      x.failure.reset();
      x.detail.clear();
    }
  }
}

void seed_watch::failed(const node_address& where, dial_failure why, std::string detail) {
  for (auto& x : seeds_) {
    if (x.where != where)
      continue;
    // Who is linked already and answers again is still the one behind this address.
    if (why != dial_failure::duplicate_link)
      x.peer = {};
    x.failure = why;
    x.detail = detail;
  }
}

std::vector<std::string> seed_watch::complaints(const std::vector<peer_status>& peers, instant now) {
  std::vector<std::string> out;
  for (auto& x : seeds_) {
    const bool settled = find_linked(x, peers) != nullptr || x.failure == dial_failure::self ||
                         (x.failure == dial_failure::duplicate_link && !peers.empty());
    if (settled) {
      x.missing_since.reset();
      x.complained.reset();
      continue;
    }
    if (!x.missing_since)
      x.missing_since = now;
    if (now - x.complained.value_or(*x.missing_since) < (x.complained ? complaint_interval : complaint_patience))
      continue;
    x.complained = now;
    const auto why = x.failure
                         ? to_string(*x.failure)
                         : std::string_view{x.peer ? "it answers, and the link is not ready" : "it has not answered yet"};
    out.push_back("no link with " + said_of(x, why) + "; trying again");
  }
  return out;
}

seed_watch::report seed_watch::judge(const std::vector<peer_status>& peers) const {
  report out;
  // A seed that refused a dial in favour of another link has another address than the one known here.
  const bool all_linked =
      !peers.empty() && std::all_of(peers.begin(), peers.end(), [](const peer_status& x) { return x.reachable; });
  for (const auto& x : seeds_) {
    if (const auto* const peer = find_linked(x, peers))
      out.linked.push_back(*peer);
    else if (x.failure == dial_failure::self)
      continue;
    else if (x.failure == dial_failure::duplicate_link && all_linked)
      out.linked.insert(out.linked.end(), peers.begin(), peers.end());
    else if (x.failure && is_silence(*x.failure))
      out.silent.push_back(said_of(x, to_string(*x.failure)));
    else if (x.failure && x.failure != dial_failure::duplicate_link)
      out.missing.push_back(said_of(x, to_string(*x.failure)));
    else if (x.failure || x.peer)
      out.missing.push_back(said_of(x, "it has answered, but the link to it is not ready yet"));
    else
      out.missing.push_back(said_of(x, "it has not answered yet"));
  }
  return out;
}

} // namespace registry::inline v0_2
